"""Why an image runs as root."""

import pytest
from deploy.machine.instance import ROOT
from hypothesis import given
from hypothesis import strategies as st
from tests.builder.conftest import OpenBuilder, a_request, ended
from tests.builder.scripted import ScriptedEngine

from mydocker_builder.domain.dockerfile import read_dockerfile
from mydocker_builder.domain.root_needs import MAX_FINDINGS, root_findings
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase, RootFindingKind, SourceFile

Findings = list[tuple[str, str, int | None, str]]


def findings_of(dockerfile: str, wrapper: str = "", user: str | None = None) -> Findings:
    return [
        (finding.kind.value, finding.file.value, finding.line, finding.detail)
        for finding in root_findings(read_dockerfile(dockerfile), wrapper, user)
    ]


@pytest.mark.parametrize(
    ("dockerfile", "user", "expected"),
    [
        ("FROM a", "", ("no_user", None, "")),
        ("FROM a", None, ("no_user", None, "")),
        ("FROM a\nUSER root", "root", ("user_root", 2, "root")),
        ("FROM a\nUSER jo\nRUN x\nUSER 0:0", "0:0", ("user_root", 4, "0:0")),
        ("FROM a\nUSER root\nUSER jo", "jo", ("other_user", 3, "jo")),
        ("FROM a", "jovyan", ("other_user", None, "jovyan")),
        ("FROM a\nUSER jo\nFROM b", "", ("no_user", None, "")),
        ("FROM a\nARG who=root\nUSER $who", "root", ("user_root", 3, "$who")),
        ("FROM a\nUSER 1000", None, ("other_user", 2, "1000")),
    ],
)
def test_the_user_of_the_image_and_where_it_is_set(
    dockerfile: str, user: str | None, expected: tuple[str, int | None, str]
) -> None:
    kind, number, detail = expected
    assert findings_of(dockerfile, user=user) == [(kind, "dockerfile", number, detail)]


def test_programs_that_need_root_are_named_once() -> None:
    wrapper = "#!/bin/sh\n# useradd is not needed\nif true; then usermod -l x y; fi\n"
    wrapper += "chown 1:1 /x && chown 2:2 /y\necho chown\nexec /usr/sbin/sshd -D\n"
    dockerfile = 'FROM a\nRUN useradd student\nENTRYPOINT ["/usr/sbin/cron"]\nCMD wrapper.sh'
    assert findings_of(dockerfile, wrapper, "")[1:] == [
        ("program", "dockerfile", 3, "cron"),
        ("program", "wrapper", 3, "usermod"),
        ("program", "wrapper", 4, "chown"),
        ("program", "wrapper", 6, "sshd"),
    ]


def test_the_catalogue_says_why_openssl_runs_as_root() -> None:
    folder = ROOT / "deploy" / "catalogue" / "openssl"
    dockerfile, wrapper = (
        (folder / name).read_text("utf-8") for name in ("Dockerfile", "wrapper.sh")
    )
    kinds = [(kind, detail) for kind, _, _, detail in findings_of(dockerfile, wrapper, "")]
    assert kinds[0] == ("no_user", "")
    assert {("program", name) for name in ("usermod", "chown", "dropbear")} <= set(kinds)


@given(st.text(max_size=400), st.text(max_size=60) | st.none())
def test_any_wrapper_and_any_user_give_a_bounded_answer(wrapper: str, user: str | None) -> None:
    findings = root_findings(read_dockerfile("FROM a"), wrapper, user)
    assert 1 <= len(findings) <= MAX_FINDINGS
    lines = wrapper.split("\n")
    for finding in findings:
        if finding.kind is RootFindingKind.PROGRAM:
            assert finding.file is SourceFile.WRAPPER
            assert finding.line is not None
            assert finding.detail in lines[finding.line - 1]


async def test_a_published_build_has_findings(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine()
    request = a_request("FROM debian:12\n", wrapper="#!/bin/sh\nexec sshd -D\n")
    refused = a_request("RUN x\n", number=2)
    async with open_builder(settings, engine) as builder:
        await builder.put(request.image_id, request)
        status = await ended(builder, request.image_id)
        assert status.phase is BuildPhase.SUCCEEDED
        assert status.root_findings is not None
        assert [finding.kind for finding in status.root_findings] == ["no_user", "program"]
        await builder.put(refused.image_id, refused)
        assert (await ended(builder, refused.image_id)).root_findings is None
