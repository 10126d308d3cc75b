"""One readiness probe of one port: connects, speaks the protocol of its kind, says what it saw.

`probe` is cheap and asked often. `examine` is asked once, when a start has failed: it takes its
time and tries TLS as well, because a server that only speaks TLS mostly hangs up on plain HTTP.
"""

import asyncio
import ssl

from mydocker_kit.contracts.environments import Address, PortKind

from ..domain.checks.port_diagnosis import Answer

CONNECT_SECONDS = 0.1
"""For a connection. An attempt sent too early would wait 1 s for ARP, behind a docker-proxy that
has accepted already: giving up and asking again is faster."""
_EXAMINE_SECONDS = 2.0
_UNAVAILABLE = frozenset({b"502", b"503", b"410"})
_BAD_REQUEST = b"400"
"""What servers that want TLS answer to plain HTTP (nginx, Apache, Go): a handshake decides."""
_BANNERS = {PortKind.SSH: b"SSH-", PortKind.VNC: b"RFB"}
_TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
"""How an alert or a handshake record of TLS begins (RFC 8446, section 5.1)."""


async def probe(kind: PortKind, address: Address, patience: float) -> Answer:
    """What answers at this address now; `patience` is the time for its answer in seconds."""
    try:
        answer = await _probe(kind, address, patience)
    except (OSError, asyncio.IncompleteReadError):
        return Answer.CLOSED
    except TimeoutError:
        return Answer.SILENT
    except ValueError:  # a line without an end, longer than the reader takes
        return Answer.OTHER_PROTOCOL
    return answer


async def examine(kind: PortKind, address: Address) -> Answer:
    """What is behind a port that has stayed silent."""
    answer = await probe(kind, address, _EXAMINE_SECONDS)
    if answer in (Answer.READY, Answer.UNAVAILABLE):
        return answer
    if kind is PortKind.WEB and await _speaks_tls(address, _EXAMINE_SECONDS):
        return Answer.TLS_ONLY
    if kind is PortKind.HTTPS and await _serves_plain_pages(address):
        return Answer.NO_TLS
    return answer


async def _probe(kind: PortKind, address: Address, patience: float) -> Answer:
    if kind is PortKind.HTTPS:
        return await _https(address, patience)
    answer = await _plain(kind, address, patience)
    if kind is PortKind.WEB and answer is Answer.TLS_ONLY:
        return Answer.TLS_ONLY if await _speaks_tls(address, patience) else Answer.READY
    return answer


async def _plain(kind: PortKind, address: Address, patience: float) -> Answer:
    reader, writer = await _connected(address)
    try:
        async with asyncio.timeout(patience):
            if kind is PortKind.WEB:
                return await _page(reader, writer, address.host)
            if kind in _BANNERS:
                banner = _BANNERS[kind]
                said = await reader.readexactly(len(banner))
                return Answer.READY if said == banner else Answer.OTHER_PROTOCOL
        return await _stays_open(reader)
    finally:
        writer.transport.abort()


async def _connected(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(address.host, address.host_port)
    except TimeoutError as error:
        raise ConnectionRefusedError(str(error)) from error


async def _stays_open(reader: asyncio.StreamReader) -> Answer:
    """docker-proxy accepts before the process listens, and then closes at once."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return Answer.READY if await reader.read(1) else Answer.CLOSED
    except TimeoutError:
        return Answer.READY


async def _page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> Answer:
    writer.write(
        f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mydocker-readiness\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()
    line = await reader.readline()
    if not line:
        return Answer.CLOSED
    if line.startswith(_TLS_RECORDS):
        return Answer.TLS_ONLY
    words = line.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/"):
        return Answer.OTHER_PROTOCOL
    if words[1] == _BAD_REQUEST:
        return Answer.TLS_ONLY  # perhaps: `_probe` tries a handshake
    return Answer.UNAVAILABLE if words[1] in _UNAVAILABLE else Answer.READY


async def _https(address: Address, patience: float) -> Answer:
    reader, writer = await _connected(address)
    try:
        async with asyncio.timeout(patience):
            await writer.start_tls(_any_certificate(), server_hostname=address.host)
            answer = await _page(reader, writer, address.host)
            return Answer.READY if answer is Answer.TLS_ONLY else answer
    except ssl.SSLError:
        return Answer.NO_TLS
    finally:
        writer.transport.abort()


async def _serves_plain_pages(address: Address) -> bool:
    plain = await probe(PortKind.WEB, address, _EXAMINE_SECONDS)
    return plain in (Answer.READY, Answer.UNAVAILABLE)


async def _speaks_tls(address: Address, patience: float) -> bool:
    answer = await probe(PortKind.HTTPS, address, patience)
    return answer in (Answer.READY, Answer.UNAVAILABLE)


def _any_certificate() -> ssl.SSLContext:
    """The container is reached by its address on our own network and mostly signs for itself:
    a certificate would prove nothing here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
