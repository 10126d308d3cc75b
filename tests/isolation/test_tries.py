"""What a program in a container tries in order to become more than it is: one table.

Each column is a container in which one program tries everything; the last three are controls,
each without some of our guards, so that every refusal is seen to be that guard's own.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from mydocker_kit.contracts.orchestrator.environments import Resources
from tests.isolation.inside import SECONDS, Ground4Probes, Inside, environment, loose
from tests.support.waiting import eventually

TRIES = r"""
use POSIX ();
my %KEYCTL = (x86_64 => 250, aarch64 => 219);
my @all = (
    ['give a file away' => sub { open my $f, '>', "/tmp/mine$$"; chown 4321, 4321, "/tmp/mine$$" }],
    ['become somebody else' => sub { POSIX::setuid(4321) }],
    ['change the root' => sub { chroot '/tmp' }],
    ['make a device' => sub { !system 'mknod', "/tmp/device$$", 'c', 1, 3 }],
    ['open a raw socket' => sub { socket my $s, 2, 3, 1 }],
    ['gain by a program of root' => sub { POSIX::setuid(4321); `id-of-root -u` == 0 }],
    ['open 5000 files' => sub {
        my @kept; for (1 .. 5000) { open my $f, '<', '/dev/null' or return; push @kept, $f } 1
    }],
    ['leave a core file' => sub { !system 'sh', '-c', 'ulimit -c 1000' }],
    ['make a user namespace' => sub { !system 'unshare', '--user', 'true' }],
    ['ask for a keyring' => sub { syscall($KEYCTL{(POSIX::uname())[4]}, 0, -4, 1) > 0 }],
    ['mount' => sub { !system 'mount', '-t', 'tmpfs', 'none', '/mnt' }],
    ['rename the machine' => sub { !system 'hostname', 'another' }],
);
open STDERR, '>', '/dev/null';
for my $each (@all) {
    my ($name, $do) = @$each;
    my $child = fork // die; if (!$child) { POSIX::_exit($do->() ? 0 : 1) }
    waitpid $child, 0; print "$name\n" unless $?;
}
"""
ROOT_OF_COMPAT = {"give a file away", "become somebody else", "change the root"}
WITHOUT_OUR_LIMITS = {"open 5000 files", "leave a core file"}
WITHOUT_OUR_CAPABILITIES = {"make a device", "open a raw socket"}
WITH_NEW_PRIVILEGES = {"gain by a program of root"}
WITHOUT_SECCOMP = {"make a user namespace", "ask for a keyring"}
AS_ADMINISTRATOR = {"mount", "rename the machine"}

FREE = ["no-new-privileges:false", "apparmor=unconfined"]
LIMITS = [
    {"Name": "nofile", "Soft": 8192, "Hard": 8192},
    {"Name": "core", "Soft": 1024 * 1024, "Hard": 1024 * 1024},
]
OURS = [
    {"Name": "nofile", "Soft": 4096, "Hard": 4096},
    {"Name": "core", "Soft": 0, "Hard": 0},
]
FILL = """
my ($path, $most) = @ARGV; my $written = 0;
open my $f, '>', $path or do { print "no: $!"; exit };
while ($written < $most) { defined syswrite $f, 'x' x 1048576 or last; $written++ }
print $written; close $f; unlink $path;
"""
ROOMS = {"/tmp": (300, 256), "/dev/shm": (100, 64), "/run": (24, 16)}  # noqa: S108
"""By folder: how many MiB are written, and how many the strict profile takes."""


def done(inside: Inside) -> set[str]:
    return set(inside.perl(TRIES).splitlines())


def plain(ground: Ground4Probes) -> AbstractContextManager[Inside]:
    """Root of a container as Docker makes it."""
    return loose(ground, "0:0", Ulimits=LIMITS, SecurityOpt=FREE)


def unfiltered(ground: Ground4Probes) -> AbstractContextManager[Inside]:
    """Our strict profile without seccomp, and free to gain privileges."""
    options = [*FREE, "seccomp=unconfined"]
    return loose(ground, CapDrop=["ALL"], Ulimits=OURS, SecurityOpt=options)


def free(ground: Ground4Probes) -> AbstractContextManager[Inside]:
    """Root that may administer: what a bug of ours would have to give away."""
    options = [*FREE, "seccomp=unconfined"]
    return loose(ground, "0:0", CapAdd=["SYS_ADMIN"], Ulimits=LIMITS, SecurityOpt=options)


def test_strict_does_nothing_of_it(author: Inside) -> None:
    assert done(author) == set()


def test_compat_does_what_sshd_does_and_nothing_else(compat: Inside) -> None:
    assert done(compat) == ROOT_OF_COMPAT


@pytest.mark.parametrize(
    ("control", "more"),
    [
        (
            plain,
            ROOT_OF_COMPAT | WITHOUT_OUR_LIMITS | WITHOUT_OUR_CAPABILITIES | WITH_NEW_PRIVILEGES,
        ),
        (unfiltered, WITH_NEW_PRIVILEGES | WITHOUT_SECCOMP),
        (
            free,
            ROOT_OF_COMPAT
            | WITHOUT_OUR_LIMITS
            | WITHOUT_OUR_CAPABILITIES
            | WITH_NEW_PRIVILEGES
            | WITHOUT_SECCOMP
            | AS_ADMINISTRATOR,
        ),
    ],
)
def test_without_a_guard_what_it_refused_is_done(
    ground: Ground4Probes,
    control: Callable[[Ground4Probes], AbstractContextManager[Inside]],
    more: set[str],
) -> None:
    with control(ground) as inside:
        assert done(inside) == more


@pytest.fixture(scope="module")
def roomy(ground: Ground4Probes) -> Iterator[Inside]:
    """More memory than its folders in memory together."""
    with environment(ground, resources=Resources(cpu=0.5, memory_mib=512)) as inside:
        yield inside


def test_a_student_writes_in_each_folder_up_to_its_size(roomy: Inside) -> None:
    """`/run` too, which images have for root alone: many a program keeps its socket there."""
    assert roomy.perl(FILL, "/usr/x", "1") == "no: Read-only file system"
    for folder, (tried, remaining) in ROOMS.items():
        assert roomy.perl(FILL, f"{folder}/x", str(tried)) == str(remaining), folder
    assert roomy.run("mkdir", "/run/of-mine", "/var/run/of-mine-too").returncode == 0
    assert "noexec" in next(
        line for line in roomy.says("cat", "/proc/mounts").splitlines() if " /run " in line
    )


def test_without_a_size_more_is_written(ground: Ground4Probes) -> None:
    with loose(ground, "0:0", ShmSize=512 * 1024 * 1024) as inside:
        for folder, (tried, _) in ROOMS.items():
            assert inside.perl(FILL, f"{folder}/x", str(tried)) == str(tried), folder


def test_no_room_outlives_its_container(ground: Ground4Probes) -> None:
    """Those that are volumes: one in memory, a home without a work folder, and what the image
    declares itself."""
    with ground.docker() as docker:
        with environment(ground) as inside:
            mounts = docker.get(f"/containers/{inside.id}/json")["Mounts"]
            made = {
                mount["Destination"]: mount["Name"] for mount in mounts if mount["Type"] == "volume"
            }
            assert made.keys() == {"/run", "/home/student", "/declared"}

        def are_gone() -> bool:
            return not any(docker.exists(f"/volumes/{name}") for name in made.values())

        eventually(are_gone, f"the volumes {made} are removed", SECONDS)
