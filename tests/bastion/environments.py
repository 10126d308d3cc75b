"""A played environment: an SSH server that checks its own password and runs small programs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "right-and-long-enough"
ACCOUNT = "strange_mcclintock"


@dataclass
class FakeEnvironment:
    """What is inside one container, as far as SSH shows it."""

    folder: Path
    password: str = PASSWORD
    port: int = 0
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    tunnels: list[tuple[str, int]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    """What was shown to it."""
    again: Callable[[], Awaitable[None]] | None = None
    rekey_bytes: int | None = None
    """After how much its SSH server asks for new keys, from its next start on."""

    async def change_host_key(self) -> None:
        """Another server listens at this address from now on."""
        assert self.again is not None
        await self.again()

    def drop(self) -> None:
        """The container is gone: every connection breaks, without a word."""
        for connection in list(self.connections):
            connection.abort()


class _Server(asyncssh.SSHServer):
    def __init__(self, environment: FakeEnvironment) -> None:
        self._environment = environment
        self._conn: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._environment.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._conn is not None:
            self._environment.connections.discard(self._conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._environment.passwords.append(password)
        return username == ACCOUNT and password == self._environment.password

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> bool:
        self._environment.tunnels.append((dest_host, dest_port))
        return True

    def unix_connection_requested(self, dest_path: str) -> bool:
        return True


@asynccontextmanager
async def environment(folder: Path) -> AsyncIterator[FakeEnvironment]:
    """A running one, on a port of its own."""
    made = FakeEnvironment(folder)

    async def program(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        await _run(process, folder)

    async def listen(port: int) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            port,
            server_factory=lambda: _Server(made),
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            process_factory=program,
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=str(folder).encode()),
            encoding=None,
            line_editor=False,
            config=None,
            **({"rekey_bytes": made.rekey_bytes} if made.rekey_bytes else {}),
        )

    async def again() -> None:
        old = listeners.pop()
        old.close()
        await old.wait_closed()
        listeners.append(await listen(made.port))

    listeners = [await listen(0)]
    made.port, made.again = listeners[0].get_port(), again
    try:
        yield made
    finally:
        for listener in listeners:
            listener.close()
        made.drop()
        for listener in listeners:
            await listener.wait_closed()


async def _run(process: "asyncssh.SSHServerProcess[bytes]", folder: Path) -> None:
    match process.command:
        case None:
            await _shell(process)
        case "end-by-signal":
            process.exit_with_signal("TERM")
        case str(command):
            await _command(process, command, folder)


async def _command(process: "asyncssh.SSHServerProcess[bytes]", command: str, folder: Path) -> None:
    child = await asyncio.create_subprocess_shell(
        command,
        cwd=folder,
        env={**process.env, "PATH": "/usr/bin:/bin"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    feeding = asyncio.ensure_future(_pump(process.stdin, child.stdin, closes=True))
    await asyncio.gather(_pump(child.stdout, process.stdout), _pump(child.stderr, process.stderr))
    status = await child.wait()
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)
    process.exit(status)


async def _pump(source: Any, target: Any, *, closes: bool = False) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        if closes:
            target.close()


async def _shell(process: "asyncssh.SSHServerProcess[bytes]") -> None:
    """A terminal that knows `size` and `exit`, and tells when its window changes."""
    process.stdout.write(f"{process.get_terminal_type()} $ ".encode())
    while True:
        try:
            line = (await process.stdin.readline()).strip()
        except asyncssh.TerminalSizeChanged as change:
            process.stdout.write(f"now {change.width}x{change.height}\r\n".encode())
            continue
        if line == b"size":
            width, height, *_ = process.get_terminal_size()
            process.stdout.write(f"{width}x{height}\r\n".encode())
        elif line in (b"exit", b""):
            process.exit(0)
            return
