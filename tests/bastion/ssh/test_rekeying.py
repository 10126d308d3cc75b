"""Key exchange: a post-quantum one comes first, and a thousand of them survive one transfer."""

import asyncio
import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from tests.bastion.conftest import BastionStack
from tests.bastion.environments import ACCOUNT
from tests.support.long_tests import LONG

ME = f"{ACCOUNT}@127.0.0.1"
SIZE = (1 << 30) if LONG else (32 << 20)
LIMIT = "1M" if LONG else "16K"
"""A key exchange for every second packet of 32 KiB, or for each MiB: a thousand there and back."""
EXCHANGES = 900
SECONDS = 1800 if LONG else 100
POST_QUANTUM = ["mlkem768x25519-sha256", "sntrup761x25519-sha512@openssh.com"]
KEXINIT = 20


async def offered(port: int) -> list[str]:
    """The key exchanges that the server offers, best first (RFC 4253, section 7.1)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(15):
        assert (await reader.readline()).startswith(b"SSH-2.0-MyDocker")
        writer.write(b"SSH-2.0-test\r\n")
        packet = await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))
    writer.close()
    assert packet[1] == KEXINIT
    names = packet[18:]
    return names[4 : 4 + int.from_bytes(names[:4], "big")].decode().split(",")


async def test_a_post_quantum_key_exchange_is_offered_first(bastion: BastionStack) -> None:
    names = await offered(bastion.port)
    assert names[0] in POST_QUANTUM
    assert not [name for name in names if name.endswith("sha1")]


async def test_a_client_that_takes_nothing_else_comes_in(bastion: BastionStack) -> None:
    async with bastion.connect(kex_algs=POST_QUANTUM[:1]) as inside:
        assert (await inside.run("echo in")).stdout == "in\n"


@pytest.mark.timeout(2 * SECONDS + 60)
async def test_a_thousand_key_exchanges_survive_a_transfer(bastion: BastionStack) -> None:
    source, copy, back = (
        bastion.tmp / "source",
        bastion.environment.folder / "kept",
        bastion.tmp / "back",
    )
    whole = written(source, SIZE)
    limit, exchanges = ["ssh", "-v", "-o", f"RekeyLimit={LIMIT}", ME], 0
    for command, given, got, result in (
        ("cat > kept", source, None, copy),
        ("cat kept", None, back, back),
    ):
        done = await asyncio.to_thread(transferred, bastion, [*limit, command], given, got)
        assert (done.returncode, digest(result)) == (0, whole)
        exchanges += done.stderr.count(b"SSH2_MSG_NEWKEYS received")
    assert exchanges > EXCHANGES


async def test_the_environments_own_server_may_ask_for_new_keys_too(bastion: BastionStack) -> None:
    bastion.environment.rekey_bytes = 16 << 10
    await bastion.environment.change_host_key()
    copy = bastion.environment.folder / "kept"
    whole = written(copy, 1 << 20)
    back = bastion.tmp / "back"
    command = ["ssh", "-o", "RekeyLimit=16K", ME, "cat kept"]
    done = await asyncio.to_thread(transferred, bastion, command, None, back)
    assert (done.returncode, digest(back)) == (0, whole)


def transferred(
    bastion: BastionStack, command: list[str], source: Path | None, target: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """OpenSSH with a file at its standard input or output."""
    with open(source or os.devnull, "rb") as given, open(target or os.devnull, "wb") as got:
        return bastion.client(*command, seconds=SECONDS, streams={"stdin": given, "stdout": got})


def written(path: Path, size: int) -> str:
    """Fill a file with what no cipher or compression makes easier; its digest."""
    whole = hashlib.blake2b()
    with path.open("wb") as file:
        for _ in range(size >> 20):
            piece = os.urandom(1 << 20)
            whole.update(piece)
            file.write(piece)
    return whole.hexdigest()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
