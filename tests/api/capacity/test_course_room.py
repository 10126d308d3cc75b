"""A Course that changes its size, its pool or its status keeps only room that there is."""

import asyncio
from typing import Any

from tests.api.campus import Campus, Person, a_course, a_session
from tests.api.capacity.test_capacity import DAY, HOUR, POOL, a_course_there, observed, save


async def resize(person: Person, course: str, **resources: Any) -> Any:
    body = a_course(status="draft", resources={"pool": POOL, **resources})
    return await person.put(f"/api/courses/{course}", body)


async def state_of(person: Person, session: Any) -> str:
    return str((await person.get(f"/api/sessions/{session['id']}"))["capacity"])


async def test_larger_environments_request_the_room_that_they_lack(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    await observed(campus)  # one machine of four CPUs
    course, theirs = await a_course_there(campus, teacher), await a_course_there(campus, other)
    session = a_session(DAY, HOUR, students=2)
    own, foreign = await save(teacher, course, session), await save(other, theirs, session)
    alone = await save(teacher, course, a_session(2 * DAY, HOUR, students=2))
    await resize(teacher, course, cpu=2)
    assert await state_of(teacher, own) == "requested"
    assert await state_of(other, foreign) == "reserved"
    assert await state_of(teacher, alone) == "reserved"
    await resize(teacher, course, cpu=1)
    assert await state_of(teacher, own) == "reserved"


async def test_what_operators_granted_stays_where_nothing_more_is_needed(
    campus: Campus, operator: Person
) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    session = await save(teacher, course, a_session(DAY, HOUR, students=9))
    path = f"/api/capacity-requests/{session['id']}"
    answer = await operator.http.put(path, json={"decision": "granted"})
    assert answer.status_code == 204
    await resize(teacher, course, cpu=0.9)
    assert await state_of(teacher, session) == "reserved"
    await resize(teacher, course, cpu=1.1)
    assert await state_of(teacher, session) == "requested"


async def test_another_pool_has_room_of_its_own(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await campus.course(teacher)  # in the default pool, of which no machine is usable
    session = await save(teacher, course, a_session(DAY, HOUR, students=2))
    assert await state_of(teacher, session) == "requested"
    await resize(teacher, course)
    assert await state_of(teacher, session) == "reserved"


async def test_a_course_that_leaves_the_archive_looks_for_room_again(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    await observed(campus)
    course, theirs = await a_course_there(campus, teacher), await a_course_there(campus, other)
    session = a_session(DAY, HOUR, students=3)
    own = await save(teacher, course, session)
    await teacher.change_status(course, "archived")
    foreign = await save(other, theirs, session)
    assert await state_of(other, foreign) == "reserved"
    await teacher.change_status(course, "draft")
    assert await state_of(teacher, own) == "requested"
    assert await state_of(other, foreign) == "reserved"


async def test_edits_and_saves_at_once_never_take_the_last_room_twice(campus: Campus) -> None:
    """Five Courses double their size while five sessions are saved; twelve CPUs are there."""
    teachers = [await campus.teacher(f"teacher{n}") for n in range(10)]
    await observed(campus, machines=3)
    courses = [await a_course_there(campus, teacher) for teacher in teachers]
    session = a_session(DAY, HOUR, students=2)
    pairs = list(zip(teachers, courses, strict=True))
    first = [await save(teacher, course, session) for teacher, course in pairs[:5]]
    assert {saved["capacity"] for saved in first} == {"reserved"}
    edits = [resize(teacher, course, cpu=2) for teacher, course in pairs[:5]]
    saves = [save(teacher, course, session) for teacher, course in pairs[5:]]
    answers = await asyncio.gather(*edits, *saves)
    later = [answer["capacity"] for answer in answers[5:]]
    states = [await state_of(teachers[n], saved) for n, saved in enumerate(first)]
    cpus = 4 * states.count("reserved") + 2 * later.count("reserved")
    assert 0 < cpus <= 12
