"""SSRF guard and size limits of calls to platforms."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from mydocker_kit.outgoing.client import (
    MAX_ANSWER_BYTES,
    AddressForbidden,
    GuardedHttpClient,
    RemoteUnavailable,
)
from mydocker_kit.outgoing.pinned_dns import PinnedTransport, system_resolve
from mydocker_kit.outgoing.reach import Address, Reach
from tests.conftest import ServiceKeys

from ..conftest import TARGET, Visit, gateway_settings, running
from ..fake_platform import KEY, FakePlatform

PUBLIC = "93.184.215.14"
NOT_OPEN = [
    "127.0.0.1", "127.9.9.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "168.63.129.16", "240.0.0.1",
    "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2001:db8::1", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_OPEN)
def test_dr_02_only_the_open_internet_is_in_reach(address: str) -> None:
    assert not Reach().allows("lms.example", 443, ip_address(address))
    assert Reach.anywhere().allows("lms.example", 443, ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_open_internet_is_in_reach(address: str) -> None:
    assert Reach().allows("lms.example", 443, ip_address(address))


def test_dr_02_what_an_operator_named_is_in_reach_and_nothing_beside_it() -> None:
    reach = Reach.parse("moodle.intra, 10.20.0.0/16, 127.0.0.1:8600, [::1]:8600, fd12::/16")
    inside = ip_address("10.1.0.7")
    assert reach.allows("moodle.intra", 443, inside)
    assert reach.allows("Moodle.Intra.", 443, inside)
    assert not reach.allows("other.intra", 443, inside)
    assert not reach.allows("moodle.intra", 443, ip_address("169.254.169.254"))
    assert reach.allows("any.example", 443, ip_address("10.20.3.4"))
    assert reach.allows("any.example", 443, ip_address("::ffff:10.20.3.4"))
    assert reach.allows("127.0.0.1", 8600, ip_address("127.0.0.1"))
    assert not reach.allows("127.0.0.1", 8102, ip_address("127.0.0.1"))
    assert reach.allows("::1", 8600, ip_address("::1"))
    assert reach.allows("x.example", 443, ip_address("fd12::5"))


@pytest.mark.parametrize("text", ["a b", "host:0", "host:99999", "10.0.0.1/8", "http://x", "-x"])
def test_what_cannot_be_read_is_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError, match="no host, address or network"):
        Reach.parse(text)


@dataclass
class Network(httpcore.AsyncNetworkBackend):
    """A network backend that records addresses; connects all of them to a server of the test."""

    port: int | None = None
    silent: tuple[str, ...] = ()
    reached: list[tuple[str, int]] = field(default_factory=list)
    wires: httpcore.AnyIOBackend = field(default_factory=httpcore.AnyIOBackend)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own name
        *_: Any,
        **__: Any,
    ) -> httpcore.AsyncNetworkStream:
        self.reached.append((host, port))
        if self.port is None or host in self.silent:
            raise httpcore.ConnectError("nobody there")
        return await self.wires.connect_tcp("127.0.0.1", self.port, timeout)

    async def sleep(self, seconds: float) -> None:
        await self.wires.sleep(seconds)


@dataclass
class Names:
    """A resolver with a sequence of answers; the last one repeats."""

    answers: list[list[str]]
    requests: int = 0

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        answer = self.answers[min(self.requests, len(self.answers) - 1)]
        self.requests += 1
        return [ip_address(address) for address in answer]


async def fetch(url: str, network: Network, reach: Reach | None = None, **given: Any) -> object:
    outgoing = GuardedHttpClient(
        reach or Reach(), PinnedTransport(reach or Reach(), backend=network, **given)
    )
    try:
        return await outgoing.get_json(url, allow_http=True)
    finally:
        await outgoing.aclose()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/c", "https://2130706433/c", "https://0x7f000001/c", "https://0177.0.0.1/c",
        "https://127.1/c", "https://[::1]/c", "https://[::ffff:10.0.0.1]/c", "https://10.0.0.1/c",
        "https://169.254.169.254/latest", "https://localhost/c", "https://[fe80::1]/c",
        "http://127.0.0.1:8102/internal", "https://0/c",
    ],
)  # fmt: skip
async def test_dr_02_no_connection_is_made_however_the_address_is_written(url: str) -> None:
    network = Network()
    with pytest.raises(AddressForbidden):
        await fetch(url, network, resolve=system_resolve)
    assert network.reached == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://lms.example/", "https://a@lms.example/", "lms", "https://"]
)
async def test_dr_02_what_is_no_web_address_is_refused(url: str) -> None:
    network, names = Network(), Names([[PUBLIC]])
    with pytest.raises(AddressForbidden):
        await fetch(url, network, resolve=names)
    assert (network.reached, names.requests) == ([], 0)


async def test_dr_02_http_is_refused_where_it_was_not_allowed() -> None:
    network = Network()
    outgoing = GuardedHttpClient(Reach(), PinnedTransport(Reach(), backend=network))
    with pytest.raises(AddressForbidden):
        await outgoing.get_json("http://lms.example/", allow_http=False)
    assert network.reached == []
    await outgoing.aclose()


@dataclass
class Server:
    """A server with a fixed answer over TLS for `lms.example`; records its requests."""

    port: int
    trust: ssl.SSLContext
    requests: list[bytes]
    names: list[str | None]


@asynccontextmanager
async def server(folder: Path, answer: bytes, wait: float = 0) -> AsyncIterator[Server]:
    certificate, key = _certificate(folder)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    server = Server(0, ssl.create_default_context(cafile=certificate), [], [])
    served.sni_callback = lambda _socket, name, _context: server.names.append(name)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server.requests.append(await reader.readuntil(b"\r\n\r\n"))
            await asyncio.sleep(wait)
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=served)
    server.port = int(listening.sockets[0].getsockname()[1])
    async with listening:
        yield server


def _certificate(folder: Path) -> tuple[Path, Path]:
    name, now = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lms.example")]),
        datetime.now(UTC),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("lms.example")]), critical=False)
        .sign(KEY, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        KEY.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def _said(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


async def test_dr_02_the_address_that_was_judged_is_the_one_connected_to(tmp_path: Path) -> None:
    names = Names([[PUBLIC], ["127.0.0.1"]])
    async with server(tmp_path, _said(b'{"a":1}')) as there:
        network = Network(there.port)
        url = "https://lms.example:8443/c"
        got = await fetch(url, network, resolve=names, certificates=there.trust)
        assert (got, network.reached, names.requests) == ({"a": 1}, [(PUBLIC, 8443)], 1)
        # TLS and the Host header use the name.
        assert there.names == ["lms.example"]
        assert b"\r\nHost: lms.example:8443\r\n" in there.requests[0]
        with pytest.raises(AddressForbidden):  # the second resolution is a private address
            await fetch(url, network, resolve=names, certificates=there.trust)
    assert network.reached == [(PUBLIC, 8443)]


async def test_a_foreign_certificate_is_refused(tmp_path: Path) -> None:
    async with server(tmp_path, _said(b"{}")) as there:
        network, names = Network(there.port), Names([[PUBLIC]])
        with pytest.raises(RemoteUnavailable, match="ConnectError"):
            await fetch("https://other.example/", network, resolve=names, certificates=there.trust)
    assert there.requests == []


async def test_of_several_addresses_those_within_reach_are_tried(tmp_path: Path) -> None:
    names = Names([["10.0.0.1", "93.184.215.1", PUBLIC]])
    async with server(tmp_path, _said(b"{}")) as there:
        network = Network(there.port, silent=("93.184.215.1",))
        await fetch("https://lms.example/", network, resolve=names, certificates=there.trust)
    assert network.reached == [("93.184.215.1", 443), (PUBLIC, 443)]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_said(b"", "302 Found", "Location: http://127.0.0.1/"), "status 302"),
        (_said(b" " * (10 * 1024**2)), "answer too large"),
        (_said(b"{}", "200 OK", "Content-Encoding: gzip"), "compressed answer"),
        (_said(b"<html>"), "no JSON"),
        (b"nonsense\r\n\r\n", "RemoteProtocolError"),
    ],
)
async def test_dr_02_redirects_and_floods_are_cut(tmp_path: Path, answer: bytes, why: str) -> None:
    async with server(tmp_path, answer) as there:
        network, names = Network(there.port), Names([[PUBLIC]])
        with pytest.raises(RemoteUnavailable, match=why):
            await fetch("https://lms.example/", network, resolve=names, certificates=there.trust)
    assert len(network.reached) == 1
    assert MAX_ANSWER_BYTES < 1024**2


async def test_dr_02_who_is_slow_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mydocker_kit.outgoing.client.SECONDS", 0.3)
    async with server(tmp_path, _said(b"{}"), wait=600) as there:
        network, names = Network(there.port), Names([[PUBLIC]])
        with pytest.raises(RemoteUnavailable, match="Timeout"):
            await fetch("https://lms.example/", network, resolve=names, certificates=there.trust)


async def test_tk_04_a_platform_that_moved_inside_is_called_no_more(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    network, names = Network(), Names([["169.254.169.254"]])
    outside = PinnedTransport(Reach(), resolve=names, backend=network)
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings, outside) as tool, tool.browser() as browser:
        platform = FakePlatform(TARGET)
        await tool.add(platform)
        refused = await Visit(tool, platform, browser).launch()
        assert (await tool.refusal(refused)).reason == "keys_unavailable"
    assert (names.requests > 0, network.reached) == (True, [])
