"""`mydocker` from a shell: sign-in, lists, builds, exit codes, completion."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from tests.api.campus import Campus, Person, a_session
from tests.api.client.shell import Shell
from tests.api.http.test_api_tokens import made

from mydocker_kit.contracts.builder.builds import BuildPhase

SCOPES = ("courses:write", "sessions:write", "images:write", "environments:write")


async def signed_in(campus: Campus, person: Person, folder: Path, *scopes: str) -> Shell:
    token = await made(person, *(scopes or SCOPES))
    shell = Shell(folder, {})
    await shell.done("login", campus.address, stdin=token["token"] + "\n")
    return shell


async def test_the_token_is_kept_for_its_owner_alone(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    shell = await signed_in(campus, teacher, tmp_path)
    login = tmp_path / ".config/mydocker/login.json"
    assert stat.S_IMODE(login.stat().st_mode) == 0o600
    assert stat.S_IMODE(login.parent.stat().st_mode) == 0o700
    assert (await shell.done("-o", "json", "whoami")).json["id"] == str(teacher.id)
    await shell.done("logout")
    assert not login.exists()
    ended = await shell.mydocker("whoami")
    assert (ended.code, ended.out) == (3, "")
    assert "mydocker login" in ended.err


async def test_a_wrong_token_is_not_kept(campus: Campus, tmp_path: Path) -> None:
    shell = Shell(tmp_path, {})
    ended = await shell.mydocker("login", campus.address, stdin="mydocker_pat_nonsense\n")
    assert ended.code == 3
    assert "token_unknown" in ended.err
    assert not (tmp_path / ".config").exists()


async def test_lists_for_people_and_for_programs(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    session = await teacher.post(
        f"/api/courses/{course}/sessions", a_session(timedelta(hours=1), timedelta(hours=1))
    )
    shell = await signed_in(campus, teacher, tmp_path)
    table = (await shell.done("courses", "list")).out.splitlines()
    assert table[0].split() == ["ID", "STATUS", "SESSIONS", "IMAGE", "TITLE"]
    assert table[1].split()[:3] == [course, "ready", "1"]
    listed = (await shell.done("-o", "json", "sessions", "list", "--course", course)).json
    assert [entry["id"] for entry in listed] == [session["id"]]
    assert (await shell.done("-o", "json", "sessions", "list")).json == listed
    images = (await shell.done("-o", "json", "images", "list")).json
    builds = (await shell.done("-o", "json", "builds", "list", images[0]["id"])).json
    assert [build["phase"] for build in builds] == ["succeeded"]
    await shell.done("sessions", "delete", session["id"], "--yes")
    shown = await shell.done("-o", "json", "courses", "status", course, "archived")
    assert shown.json["status"] == "archived"
    await shell.done("courses", "delete", course, "--yes")
    assert (await shell.done("-o", "json", "courses", "list")).json == []


async def test_a_build_with_its_log(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    image, _ = await campus.built_image(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    ended = await shell.done("-o", "json", "builds", "start", image, "--follow")
    assert ended.json["phase"] == "succeeded"
    assert ended.err.splitlines() == ["#1 [1/1] FROM debian:12", "done"]
    log = await shell.done("builds", "log", ended.json["id"])
    assert log.out.splitlines()[-1] == "done"
    campus.builder.outcome = BuildPhase.FAILED
    assert (await shell.mydocker("builds", "start", image, "--follow")).code == 1


async def test_my_environment(campus: Campus, tmp_path: Path) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    shell = await signed_in(campus, teacher, tmp_path)
    started = (await shell.done("-o", "json", "environments", "start", course)).json
    assert started["state"] in ("queued", "starting")
    assert "state" in (await shell.done("environments", "show", course)).out
    assert (await shell.done("environments", "logs", course)).out == "hello\n"
    await shell.done("environments", "stop", course)


async def test_what_operators_see(campus: Campus, tmp_path: Path) -> None:
    operator = await campus.operator()
    shell = await signed_in(campus, operator, tmp_path, "people:read", "capacity:read")
    people = (await shell.done("-o", "json", "people", "list")).json
    assert str(operator.id) in [entry["id"] for entry in people]
    assert "Olga" in (await shell.done("people", "list")).out
    pools = (await shell.done("-o", "json", "pools", "list")).json
    assert [entry["pool"]["name"] for entry in pools] == ["default"]
    assert "default" in (await shell.done("pools", "list")).out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("courses", "show", "no-uuid"), 2, "not a valid UUID"),
        (("nonsense",), 2, "No such command"),
        (("people", "list"), 4, "people:read"),
        (("courses", "show", "00000000-0000-4000-8000-000000000000"), 5, "not_found"),
        (("apply", "missing.yaml"), 7, "missing.yaml"),
    ],
)
async def test_exit_codes(
    campus: Campus, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    shell = await signed_in(campus, await campus.teacher(), tmp_path)
    ended = await shell.mydocker(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


async def test_a_platform_that_is_away(tmp_path: Path) -> None:
    variables = {"MYDOCKER_ADDRESS": "http://127.0.0.1:9", "MYDOCKER_TOKEN": "mydocker_pat_x"}
    ended = await Shell(tmp_path, variables).mydocker("courses", "list")
    assert ended.code == 8
    assert "does not answer" in ended.err


@pytest.mark.parametrize(("shell", "proof"), [("bash", "complete -"), ("zsh", "compdef")])
async def test_completion(tmp_path: Path, shell: str, proof: str) -> None:
    script = (await Shell(tmp_path, {}).done("completion", shell)).out
    assert proof in script
    assert "mydocker" in script
    variables = {
        "_MYDOCKER_COMPLETE": "bash_complete",
        "COMP_WORDS": "mydocker co",
        "COMP_CWORD": "1",
    }
    offered = await Shell(tmp_path, variables).mydocker()
    assert {"plain,completion", "plain,courses"} <= set(offered.out.split())
