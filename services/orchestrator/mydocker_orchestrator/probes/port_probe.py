"""One readiness probe of one port: connects and speaks the protocol of its kind.

`probe` is cheap and runs often. `examine` runs once, when a start has failed: it waits longer and
tries TLS as well, because a server that only speaks TLS mostly closes plain HTTP connections.
"""

import asyncio
import ssl

from mydocker_kit.contracts.orchestrator.environments import Address, PortKind

from ..domain.checks.port_diagnosis import ProbeResult

CONNECT_SECONDS = 0.1
"""Connect timeout. A connection sent too early would wait 1 s for ARP, behind a docker-proxy that
has accepted already: giving up and connecting again is faster."""
_EXAMINE_SECONDS = 2.0
_UNAVAILABLE = frozenset({b"502", b"503", b"410"})
_BAD_REQUEST = b"400"
"""What servers that want TLS answer to plain HTTP (nginx, Apache, Go): a handshake decides."""
_BANNERS = {PortKind.SSH: b"SSH-", PortKind.VNC: b"RFB"}
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
"""How an alert or a handshake record of TLS begins (RFC 8446, section 5.1)."""


async def probe(kind: PortKind, address: Address, answer_within: float) -> ProbeResult:
    """Probe this address once; `answer_within` is the time for its answer in seconds."""
    try:
        answer = await _probe(kind, address, answer_within)
    except (OSError, asyncio.IncompleteReadError):
        return ProbeResult.CLOSED
    except TimeoutError:
        return ProbeResult.SILENT
    except ValueError:  # a line without an end, longer than the reader takes
        return ProbeResult.OTHER_PROTOCOL
    return answer


async def examine(kind: PortKind, address: Address) -> ProbeResult:
    """Probe a port that has stayed unready, with more time and with TLS."""
    answer = await probe(kind, address, _EXAMINE_SECONDS)
    if answer in (ProbeResult.READY, ProbeResult.UNAVAILABLE):
        return answer
    if kind is PortKind.WEB and await _speaks_tls(address, _EXAMINE_SECONDS):
        return ProbeResult.TLS_ONLY
    if kind is PortKind.HTTPS and await _serves_plain_pages(address):
        return ProbeResult.NO_TLS
    return answer


async def _probe(kind: PortKind, address: Address, answer_within: float) -> ProbeResult:
    if kind is PortKind.HTTPS:
        return await _https(address, answer_within)
    answer = await _plain(kind, address, answer_within)
    if kind is PortKind.WEB and answer is ProbeResult.TLS_ONLY:
        return (
            ProbeResult.TLS_ONLY if await _speaks_tls(address, answer_within) else ProbeResult.READY
        )
    return answer


async def _plain(kind: PortKind, address: Address, answer_within: float) -> ProbeResult:
    reader, writer = await _connect(address)
    try:
        async with asyncio.timeout(answer_within):
            if kind is PortKind.WEB:
                return await _page(reader, writer, address.host)
            if kind in _BANNERS:
                banner = _BANNERS[kind]
                received = await reader.readexactly(len(banner))
                return ProbeResult.READY if received == banner else ProbeResult.OTHER_PROTOCOL
        return await _stays_open(reader)
    finally:
        writer.transport.abort()


async def _connect(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(address.host, address.host_port)
    except TimeoutError as error:
        raise ConnectionRefusedError(str(error)) from error


async def _stays_open(reader: asyncio.StreamReader) -> ProbeResult:
    """Detect a docker-proxy that accepts before the process listens, and then closes at once."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return ProbeResult.READY if await reader.read(1) else ProbeResult.CLOSED
    except TimeoutError:
        return ProbeResult.READY


async def _page(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
) -> ProbeResult:
    writer.write(
        f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mydocker-readiness\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()
    line = await reader.readline()
    if not line:
        return ProbeResult.CLOSED
    if line.startswith(_TLS_RECORDS):
        return ProbeResult.TLS_ONLY
    words = line.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/"):
        return ProbeResult.OTHER_PROTOCOL
    if words[1] == _BAD_REQUEST:
        return ProbeResult.TLS_ONLY  # perhaps: `_probe` tries a handshake
    return ProbeResult.UNAVAILABLE if words[1] in _UNAVAILABLE else ProbeResult.READY


async def _https(address: Address, answer_within: float) -> ProbeResult:
    reader, writer = await _connect(address)
    try:
        async with asyncio.timeout(answer_within):
            await writer.start_tls(_any_certificate(), server_hostname=address.host)
            answer = await _page(reader, writer, address.host)
            return ProbeResult.READY if answer is ProbeResult.TLS_ONLY else answer
    except ssl.SSLError:
        return ProbeResult.NO_TLS
    finally:
        writer.transport.abort()


async def _serves_plain_pages(address: Address) -> bool:
    plain = await probe(PortKind.WEB, address, _EXAMINE_SECONDS)
    return plain in (ProbeResult.READY, ProbeResult.UNAVAILABLE)


async def _speaks_tls(address: Address, answer_within: float) -> bool:
    answer = await probe(PortKind.HTTPS, address, answer_within)
    return answer in (ProbeResult.READY, ProbeResult.UNAVAILABLE)


def _any_certificate() -> ssl.SSLContext:
    """Accept any certificate: the container is addressed on our own network and mostly self-signed,
    so verification would prove nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
