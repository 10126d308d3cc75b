"""Shells, commands, files and tunnels pass; every kind of end is passed on."""

import asyncio
from pathlib import Path

import asyncssh
import pytest
from tests.bastion.conftest import BastionStack
from tests.bastion.environments import ACCOUNT

ME = f"{ACCOUNT}@127.0.0.1"


async def test_a_command_runs_inside_and_says_how_it_ended(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        done = await inside.run("echo out; echo err >&2; exit 7", encoding="utf-8")
        assert (done.stdout, done.stderr, done.exit_status) == ("out\n", "err\n", 7)
        killed = await inside.run("end-by-signal")
        assert killed.exit_signal is not None
        assert killed.exit_signal[0] == "TERM"


async def test_a_terminal_has_its_size_and_follows_its_window(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        shell = await inside.create_process(
            term_type="xterm", term_size=(100, 30), encoding="utf-8"
        )
        assert await shell.stdout.readuntil("$ ") == "xterm $ "
        shell.stdin.write("size\n")
        assert await shell.stdout.readline() == "100x30\r\n"
        shell.change_terminal_size(132, 43)
        assert await shell.stdout.readline() == "now 132x43\r\n"
        shell.stdin.write("exit\n")
        await shell.wait_closed()
        assert shell.exit_status == 0


async def test_what_goes_in_comes_out_unchanged_and_an_end_is_an_end(bastion: BastionStack) -> None:
    sent = bytes(range(256)) * 40_000
    async with bastion.connect() as inside:
        done = await inside.run("cat", input=sent, encoding=None)
    assert done.stdout == sent


async def test_many_channels_share_one_connection(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        numbers = range(30)
        done = await asyncio.gather(*(inside.run(f"echo {n}") for n in numbers))
    assert [int(process.stdout) for process in done] == list(numbers)


async def test_the_language_of_the_terminal_travels(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        done = await inside.run('echo "$LANG"', env={"LANG": "fr_FR.UTF-8"})
    assert done.stdout == "fr_FR.UTF-8\n"


async def test_the_real_ssh_runs_a_command(bastion: BastionStack) -> None:
    done = await asyncio.to_thread(bastion.client, "ssh", ME, "cat; exit 3", stdin=b"hello")
    assert (done.stdout, done.returncode) == (b"hello", 3), done.stderr


@pytest.mark.parametrize("protocol", ["-s", "-O"], ids=["sftp", "old"])
async def test_the_real_scp_copies_both_ways(bastion: BastionStack, protocol: str) -> None:
    mine, back = bastion.tmp / "mine", bastion.tmp / "back"
    mine.write_bytes(b"x" * 3_000_000)
    there = await asyncio.to_thread(bastion.client, "scp", protocol, str(mine), f"{ME}:copied")
    here = await asyncio.to_thread(bastion.client, "scp", protocol, f"{ME}:copied", str(back))
    assert back.read_bytes() == mine.read_bytes()
    if protocol == "-O":  # the played sftp server ends without saying how
        assert (there.returncode, here.returncode) == (0, 0)


async def test_the_real_sftp_works(bastion: BastionStack) -> None:
    (bastion.tmp / "letter").write_text("bonjour")
    orders = f"put {bastion.tmp}/letter lettre\nls\n".encode()
    batch = ("-o", "BatchMode=no", "-b", "-")
    done = await asyncio.to_thread(bastion.client, "sftp", *batch, ME, stdin=orders)
    assert b"lettre" in done.stdout.splitlines()[-1], done.stderr
    assert (bastion.environment.folder / "lettre").read_text() == "bonjour"


async def test_a_tunnel_leads_into_the_environment_and_nowhere_else(bastion: BastionStack) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello first\n")  # speaks before it is spoken to
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with bastion.connect() as inside:
        for host in ("localhost", "127.0.0.1"):
            reader, writer = await inside.open_connection(host, port)
            assert await reader.readline() == b"hello first\n"
            writer.write(b"and back\n")
            assert await reader.read() == b"and back\n"
            writer.close()
        for elsewhere in ("10.0.0.1", "example.org", "169.254.169.254", "::"):
            with pytest.raises(asyncssh.ChannelOpenError, match="your own environment"):
                await inside.open_connection(elsewhere, port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await inside.open_connection("localhost", 1)
    server.close()
    assert {host for host, _ in bastion.environment.tunnels} == {"localhost", "127.0.0.1"}


async def test_a_tunnel_leads_to_a_socket_file_as_vs_code_wants(
    bastion: BastionStack, tmp_path: Path
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"socket\n")
        writer.close()

    path = str(tmp_path / "s")
    server = await asyncio.start_unix_server(answer, path)
    async with bastion.connect() as inside:
        reader, writer = await inside.open_unix_connection(path)
        assert await reader.read() == b"socket\n"
        writer.close()
    server.close()


async def test_one_person_holds_so_many_channels_of_whatever_kind(bastion: BastionStack) -> None:
    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with bastion.connect() as inside:
        shell = await inside.create_process("cat")
        held = [await inside.open_connection("localhost", port) for _ in range(39)]
        with pytest.raises(asyncssh.ChannelOpenError, match="Too many"):
            await inside.open_connection("localhost", port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await inside.create_process("cat")
        held[0][1].close()
        async with asyncio.timeout(100):
            await held[0][1].wait_closed()
        reader, _ = await inside.open_connection("localhost", port)
        assert await reader.readline() == b"hello\n"
        shell.stdin.write_eof()
    server.close()


async def test_nothing_listens_here_for_an_environment(bastion: BastionStack) -> None:
    async with bastion.connect() as inside:
        with pytest.raises(asyncssh.ChannelListenError):
            await inside.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)
        done = await inside.run('echo "${SSH_AUTH_SOCK:-none}"')
    assert done.stdout == "none\n"
