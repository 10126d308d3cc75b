"""What a node's probe saw, as findings: which close a machine, and which are only remarks."""

from deploy.node.findings import Finding

from deploy.node import checks, probe

HELD = """CapBnd:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2
Max open files            4096                 4096                 files
Max core file size        0                    0                    bytes
{users}
root read-only
"""
EVERYBODY = "         0          0 4294967295"


def findings(text: str, here: str = EVERYBODY) -> list[Finding]:
    return list(checks.held(probe.read(text), probe.users_of(here)))


def test_a_machine_without_remapped_users_passes_with_a_remark() -> None:
    findings_here = findings(HELD.format(users=EVERYBODY))
    assert checks.failed(findings_here) == []
    assert not checks.remaps_users(findings_here)
    [remark] = [finding for finding in findings_here if not finding.passed]
    assert (remark.name, remark.grave) == (checks.USER_NAMESPACES, False)
    assert "userns-remap" in remark.words


def test_remapped_users_are_seen_and_a_machine_that_is_itself_remapped_is_not_taken_for_it() -> (
    None
):
    remapped = HELD.format(users="         0     300000      65536")
    assert checks.remaps_users(findings(remapped))
    assert all(finding.passed for finding in findings(remapped))
    assert not checks.remaps_users(findings(remapped, here="0 300000 65536"))


def test_what_is_not_in_force_closes_the_machine() -> None:
    loose = HELD.format(users="").replace("NoNewPrivs:\t1", "NoNewPrivs:\t0")
    assert [finding.name for finding in checks.failed(findings(loose))] == [
        checks.NO_NEW_PRIVILEGES
    ]
    assert not checks.remaps_users(findings(loose)), "what was not seen is not there"
