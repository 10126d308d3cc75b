"""Sessions, hidden credentials and archiving: what a course does to its environments."""

from datetime import timedelta
from uuid import UUID

from tests.api.campus import Campus, a_session, moment
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import ReasonCode

from .windows import in_state, is_so, ready, window


async def test_a_session_permits_starts_only_while_it_runs(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    planned = await teacher.post(
        f"/api/courses/{course}/sessions", a_session(timedelta(hours=1), timedelta(hours=2))
    )
    ada = await campus.student(course)
    shown = await window(ada, course)
    assert (shown["state"], shown["can"]) == ("not_open_yet", [])
    assert moment(str(shown["opens_at"])) == moment(planned["starts_at"])
    refused = await ada.refused("POST", f"/api/courses/{course}/environment/start")
    assert refused == (409, "session_not_open")

    over = a_session(-timedelta(hours=3), timedelta(hours=2))
    await teacher.put(f"/api/sessions/{planned['id']}", over)
    assert (await window(ada, course))["state"] == "closed"
    refused = await ada.refused("POST", f"/api/courses/{course}/environment/start")
    assert refused == (409, "session_over")

    own = await window(teacher, course)
    assert own["can"] == ["start", "edit_course"]


async def test_the_sessions_end_is_the_environments_end_and_moves_with_it(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    running = a_session(-timedelta(hours=1), timedelta(hours=2))
    planned = await teacher.post(f"/api/courses/{course}/sessions", running)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    shown = await window(ada, course)
    end = moment(running["ends_at"])
    assert moment(str(shown["ends_at"])) == end
    warned = [moment(at) for at in shown["warn_at"]]
    assert warned == [end - timedelta(minutes=5), end - timedelta(minutes=1)]

    later = running | {"ends_at": (end + timedelta(hours=1)).isoformat()}
    await teacher.put(f"/api/sessions/{planned['id']}", later)
    await until(lambda: is_so(campus.orchestrator.specs[id].ends_at == end + timedelta(hours=1)))
    await teacher.delete(f"/api/sessions/{planned['id']}")
    await until(lambda: is_so(campus.orchestrator.specs[id].ends_at is None))
    assert {spec.attempt for spec in campus.orchestrator.puts} == {1}


async def test_hidden_credentials_stay_hidden(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, show_username=False, show_password=False)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    shown = await window(ada, course)
    assert (shown["username"], shown["has_password"]) == (None, False)
    name = campus.orchestrator.puts[0].credentials.username
    # The name is where the bastion leads: without it there would be no way in.
    assert shown["connections"][1]["command"] == f"ssh -p 2222 {name}@localhost"
    path = f"/api/courses/{course}/environment/credentials"
    assert await ada.refused("GET", path) == (403, "credentials_hidden")


async def test_an_editor_who_tries_a_course_sees_exactly_what_a_student_sees(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, show_username=False, show_password=False)
    ada = await campus.student(course)
    windows = []
    for person in (ada, teacher):
        await ready(campus, person, course)
        windows.append(await window(person, course))
    student, editor = windows
    personal = {"now", "since", "version", "can", "connections"}
    assert {key: editor[key] for key in editor.keys() - personal} == {
        key: student[key] for key in student.keys() - personal
    }
    assert [card["port"] for card in editor["connections"]] == [
        card["port"] for card in student["connections"]
    ]
    assert set(editor["can"]) - set(student["can"]) == {"edit_course"}
    path = f"/api/courses/{course}/environment/credentials"
    assert await teacher.refused("GET", path) == (403, "credentials_hidden")


async def test_archiving_stops_what_runs_and_deleting_waits_for_it(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    assert await teacher.refused("DELETE", f"/api/courses/{course}") == (
        *(409, "environments_running"),
    )
    await teacher.change_status(course, "archived")
    await until(lambda: is_so(bool(campus.orchestrator.stops)))
    assert campus.orchestrator.stops[0].reason is ReasonCode.STOPPED_BY_EDITOR
    assert (await ada.refused("GET", f"/api/courses/{course}/window"))[0] == 404
    await campus.orchestrator.end(id)
    await until(lambda: is_so(campus.services.statuses.running(UUID(course)) == 0))
    await teacher.delete(f"/api/courses/{course}")
    folders = await teacher.get(f"/api/courses/{course}/folders")
    assert folders["deleted_at"] is not None, "its work folders are kept for a while"


async def test_usual_time_is_the_median_of_the_last_starts(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    for seconds, name in ((4, "ada"), (10, "bob"), (6, "eve")):
        person = await campus.student(course, name)
        await person.post(f"/api/courses/{course}/environment/start")
        id = campus.environment(course, person)
        await campus.orchestrator.ready(id, timedelta(seconds=seconds))
        await in_state(person, course, "ready")
    dan = await campus.student(course, "dan")
    asked = await dan.post(f"/api/courses/{course}/environment/start")
    assert asked["progress"]["usual_seconds"] == 6
