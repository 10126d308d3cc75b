"""How tightly a container is held, as the kernel has it; and that a bomb hurts only its author.

Each probe has its control: in a container without the guard the same try goes further.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mydocker_kit.contracts.orchestrator.environments import Resources
from tests.isolation.inside import Ground4Probes, Inside, environment, loose
from tests.isolation.test_reach import bridge_of
from tests.isolation.world import INTERNET, PORT, without

_MIB = 1024 * 1024
FORKS = """
my ($most, $made) = ($ARGV[0], 0);
while ($made < $most) { my $p = fork; last unless defined $p; if (!$p) { sleep 20; exit } $made++ }
syswrite STDOUT, $made; kill 'KILL', -$$;
"""
CONNECTIONS = """
use IO::Socket::INET; my @kept;
for (1 .. $ARGV[1]) {
    my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Proto => 'tcp', Timeout => 5) or last;
    push @kept, $s;
}
print scalar @kept;
"""
MEMORY = "my @kept; push @kept, 'x' x 1048576 for 1 .. $ARGV[0]; print scalar @kept;"
SHOUT = """
open my $out, '>', '/proc/1/fd/1'; print $out 'x' x 1023, qq(\\n) for 1 .. $ARGV[0];
"""
ROOM = Resources(cpu=0.25, memory_mib=128, pids=96)


@contextmanager
def answering(neighbour: Inside) -> Iterator[list[int]]:
    """While it lasts, the neighbour's page is asked for, and must answer each time."""
    answers: list[int] = []
    failures: list[str] = []
    over = threading.Event()

    def ask() -> None:
        url = f"http://127.0.0.1:{neighbour.host_port}/"
        with httpx.Client(trust_env=False, timeout=20) as client:
            while not over.is_set():
                try:
                    answers.append(client.get(url).status_code)
                except httpx.HTTPError as error:
                    failures.append(repr(error))
                time.sleep(0.05)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield answers
    finally:
        over.set()
        asking.join()
    assert failures == []
    assert set(answers) == {200}


@pytest.fixture(scope="module")
def bomber(ground: Ground4Probes) -> Iterator[Inside]:
    with environment(ground, resources=ROOM) as inside:
        yield inside


def status(inside: Inside) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in inside.says("cat", "/proc/self/status").splitlines())
    return {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}


def test_strict_has_no_capability_and_no_way_to_one(author: Inside) -> None:
    of_author = status(author)
    assert (of_author["CapBnd"], of_author["CapEff"], of_author["CapPrm"]) == ("0" * 16,) * 3
    assert (of_author["NoNewPrivs"], of_author["Seccomp"]) == ("1", "2")
    assert of_author["Uid"].split() == ["1000"] * 4


def test_compat_has_what_sshd_needs_and_nothing_that_leaves_the_container(compat: Inside) -> None:
    of_compat = status(compat)
    names = {5: "KILL", 13: "NET_RAW", 19: "SYS_PTRACE", 21: "SYS_ADMIN", 27: "MKNOD"}
    held = int(of_compat["CapBnd"], 16)
    assert [name for bit, name in names.items() if held >> bit & 1] == ["KILL"]
    assert (of_compat["NoNewPrivs"], of_compat["Seccomp"]) == ("1", "2")


def test_files_are_bounded(author: Inside) -> None:
    limits = {
        line[:26].strip(): line[26:].split()[:2]
        for line in author.says("cat", "/proc/self/limits").splitlines()
    }
    assert limits["Max open files"] == ["4096", "4096"]
    assert limits["Max core file size"] == ["0", "0"]


def test_a_fork_bomb_ends_at_its_authors_limit(
    ground: Ground4Probes, bomber: Inside, neighbour: Inside
) -> None:
    with answering(neighbour):
        assert 0 < int(bomber.perl(FORKS, "300")) < ROOM.pids
    with loose(ground) as free:
        assert free.perl(FORKS, "300") == "300"


def test_memory_ends_at_its_authors_limit(
    ground: Ground4Probes, bomber: Inside, neighbour: Inside
) -> None:
    with answering(neighbour):
        assert bomber.run("perl", "-e", MEMORY, "300").returncode == 137
    with loose(ground) as free:
        assert free.perl(MEMORY, "300") == "300"


@pytest.mark.usefixtures("world")
def test_a_connection_bomb_leaves_room_for_others(bomber: Inside, neighbour: Inside) -> None:
    with answering(neighbour):
        assert int(bomber.perl(CONNECTIONS, f"{INTERNET}:{PORT}", "1200")) <= 1024
        assert neighbour.reached(f"{INTERNET}:{PORT}")
    with without("DOCKER-USER", "-i", bridge_of(bomber)):
        assert bomber.perl(CONNECTIONS, f"{INTERNET}:{PORT}", "1200") == "1200"


def test_output_without_end_keeps_twenty_mebibytes(
    ground: Ground4Probes, neighbour: Inside
) -> None:
    with environment(ground, resources=ROOM) as inside:
        with answering(neighbour):
            inside.perl(SHOUT, "40960")
        assert 5 * _MIB < kept_of(ground, inside) < 22 * _MIB
    with loose(ground, LogConfig={"Type": "json-file"}) as free:
        free.perl(SHOUT, "23552")
        assert kept_of(ground, free) > 22 * _MIB


def kept_of(ground: Ground4Probes, inside: Inside) -> int:
    """Bytes of its output on the machine's disk."""
    with ground.docker() as docker:
        log = Path(docker.get(f"/containers/{inside.id}/json")["LogPath"])
    return sum(path.stat().st_size for path in log.parent.glob(f"{log.name}*"))
