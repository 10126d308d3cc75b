"""A real desktop: one VNC server of Debian's, with one window that turns green at a key press."""

import os
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from mydocker_bastion.desktops.vnc_auth import challenge_response
from tests.support.ports import is_listener, reserved

RED, GREEN = 0xC03030, 0x30A030
WIDTH, HEIGHT = 320, 200
_FIXED_KEY = bytes([23, 82, 107, 6, 35, 78, 88, 7]).decode("latin-1")
"""With which VNC servers hide the password in its file."""


@dataclass
class Desktop:
    """What runs: its VNC port, its password, and the keys that arrived."""

    port: int
    password: str
    process: "subprocess.Popen[bytes]"
    keys: list[int] = field(default_factory=list)
    """X key codes, in the order they came."""

    def kill(self) -> None:
        """As when its container ends."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def desktop(folder: Path, password: str) -> Iterator[Desktop]:
    """A running one, on a port and a display of its own."""
    secret = folder / "vnc-password"
    secret.write_bytes(challenge_response(password.encode()[:8].ljust(16, b"\0"), _FIXED_KEY)[:8])
    with reserved() as (port,):
        yield from _desktop(folder, password, secret, port)


def _desktop(folder: Path, password: str, secret: Path, port: int) -> Iterator[Desktop]:
    number_out, number_in = os.pipe()
    command = [
        *("Xtigervnc", "-displayfd", str(number_in), "-rfbport", str(port), "-localhost"),
        *("-geometry", f"{WIDTH}x{HEIGHT}", "-depth", "24", "-ac", "-nolisten", "tcp"),
        *("-SecurityTypes", "VncAuth", "-PasswordFile", str(secret), "-desktop", "Lab"),
    ]
    with (folder / "vnc.log").open("wb") as log:
        process = subprocess.Popen(command, pass_fds=[number_in], stdout=log, stderr=log)
    os.close(number_in)
    made = Desktop(port, password, process)
    try:
        with os.fdopen(number_out, "rb") as display:
            number = display.readline().decode().strip()
        assert number, (folder / "vnc.log").read_text()
        assert is_listener(process.pid, port), (folder / "vnc.log").read_text()
        with _drawing(f"/tmp/.X11-unix/X{number}", made):  # noqa: S108 - where X has them
            yield made
    finally:
        made.kill()


@contextmanager
def _drawing(path: str, made: Desktop) -> Iterator[None]:
    """One window over the whole screen; every key press is noted, and paints it green."""
    with socket.socket(socket.AF_UNIX) as x:
        x.connect(path)
        window = _window(x)
        thread = threading.Thread(target=_listen, args=(x, window, made))
        thread.start()
        try:
            yield
        finally:
            with suppress(OSError):
                x.shutdown(socket.SHUT_RDWR)
            thread.join(20)


def _window(x: socket.socket) -> int:
    x.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
    status, length = struct.unpack("<BxHHH", _exactly(x, 8))[0::3]
    setup = _exactly(x, 4 * length)
    assert status == 1, setup
    base, vendor, formats = (
        struct.unpack_from(form, setup, at)[0] for form, at in (("<I", 4), ("<H", 16), ("B", 21))
    )
    root = struct.unpack_from("<I", setup, 32 + (vendor + 3) // 4 * 4 + 8 * formats)[0]
    values = struct.pack("<II", RED, 1)  # its colour; and to hear of key presses
    size = (0, 0, WIDTH, HEIGHT, 0)
    x.sendall(struct.pack("<BBHIIhhHHHHII", 1, 0, 10, base, root, *size, 1, 0, 0x802) + values)
    x.sendall(struct.pack("<BxHI", 8, 2, base))
    return int(base)


def _listen(x: socket.socket, window: int, made: Desktop) -> None:
    with suppress(OSError, EOFError):
        while True:
            event = _exactly(x, 32)
            if event[0] & 0x7F != 2:
                continue
            made.keys.append(event[1])
            x.sendall(struct.pack("<BxHIII", 2, 4, window, 2, GREEN))
            x.sendall(struct.pack("<BBHIhhHH", 61, 0, 4, window, 0, 0, 0, 0))


def _exactly(x: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = x.recv(count - len(got))
        if not more:
            raise EOFError
        got += more
    return got
