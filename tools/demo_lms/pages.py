"""Pages of the LMS: people, course, activity, activity form, grades."""

import json
import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from .campus import PEOPLE, STUDENTS, Person
from .lms import PageNotFound, lms_of, page, person_of, teacher_of
from .lti.content import GradeInvalid, from_form, read_items
from .lti.signing import SignatureRefused

router = APIRouter()


@router.get("/")
async def campus(request: Request) -> Response:
    """The people a visitor can act as."""
    return page(request, "campus.html", people=PEOPLE)


@router.get("/as/{slug}/")
async def course(slug: str, request: Request) -> Response:
    person = person_of(slug)
    store = lms_of(request).store
    if person.id in store.removed_people:
        return page(request, "not_enrolled.html", status=403, person=person)
    activities = store.activities
    sesskey = lms_of(request).launches.sesskeys[person.id]
    return _remembering(
        page(request, "course.html", person=person, activities=activities, sesskey=sesskey), person
    )


@router.get("/as/{slug}/activities/new")
async def new_activity(slug: str, request: Request) -> Response:
    person = teacher_of(slug)
    sesskey = lms_of(request).launches.sesskeys[person.id]
    shown: dict[str, Any] = {"person": person, "sesskey": sesskey, "problem": ""}
    return page(request, "new.html", tools=lms_of(request).store.active_tools(), **shown)


@router.get("/as/{slug}/activities/{id}")
async def show_activity(slug: str, id: int, request: Request) -> Response:
    """The activity with the tool in a frame, as in Moodle."""
    person = person_of(slug)
    lms = lms_of(request)
    if person.id in lms.store.removed_people:
        return page(request, "not_enrolled.html", status=403, person=person)
    activity = lms.store.activity(id)
    if activity is None:
        raise PageNotFound
    tool, storage = lms.settings.tool_origin, lms.settings.storage
    shown: dict[str, Any] = {
        "person": person,
        "activity": activity,
        "tool": tool,
        "storage": storage,
    }
    return _remembering(page(request, "activity.html", **shown), person)


@router.get("/storage")
async def storage_frame(request: Request) -> Response:
    """The hidden frame that stores data for tools, if configured."""
    lms = lms_of(request)
    return page(request, "storage.html", storage=lms.settings.storage)


@router.post("/as/{slug}/activities")
async def save_activity(slug: str, request: Request) -> Response:
    """Save the form and show the new activities."""
    person, lms = teacher_of(slug), lms_of(request)
    form = await request.form()
    fields = {name: str(value) for name, value in form.items()}
    _check_sesskey(lms.launches.sesskeys[person.id], fields.get("sesskey"))
    try:
        items = from_form(fields["items"], fields.get("title", ""), fields.get("text", ""))
    except GradeInvalid:
        sesskey, tools = lms.launches.sesskeys[person.id], lms.store.active_tools()
        values: dict[str, Any] = {"sesskey": sesskey, "problem": "invalid_grade", "tools": tools}
        return page(request, "new.html", status=422, person=person, **values)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise PageNotFound from None
    tool = lms.store.tool(fields.get("tool")) or lms.store.tools[0]
    added = [lms.store.add_activity(item, tool.client_id) for item in items]
    path = f"activities/{added[0].id}" if len(added) == 1 else ""
    return RedirectResponse(f"/as/{slug}/{path}", 303)


@router.post("/as/{slug}/activities/{id}/remove")
async def remove_activity(slug: str, id: int, request: Request) -> Response:
    person, lms = teacher_of(slug), lms_of(request)
    form = await request.form()
    _check_sesskey(lms.launches.sesskeys[person.id], str(form.get("sesskey")))
    lms.store.remove_activity(id)
    return RedirectResponse(f"/as/{slug}/", 303)


@router.post("/as/{slug}/content/return")
async def content_returned(slug: str, request: Request) -> Response:
    """The deep linking response, posted into the dialog's frame and passed to the form outside."""
    person, lms = teacher_of(slug), lms_of(request)
    _check_sesskey(lms.launches.sesskeys[person.id], request.query_params.get("sesskey"))
    form = await request.form()
    try:
        claims = await lms.tool_keys.claims(str(form.get("JWT", "")), lms.clock())
    except SignatureRefused as refused:
        return page(request, "error.html", status=400, framed=True, why=str(refused))
    items = read_items(claims, lms.settings.launch_url)
    return page(request, "returned.html", framed=True, items=json.dumps(items))


@router.get("/as/{slug}/return")
async def returned(slug: str, request: Request) -> Response:
    """The return URL of launches; leaves the frame."""
    return page(request, "back.html", framed=True, person=person_of(slug))


@router.get("/as/{slug}/grades")
async def grades(slug: str, request: Request) -> Response:
    """The gradebook: all students for the teacher, the own grades for a student."""
    person = person_of(slug)
    shown = STUDENTS if person.is_teacher else (person,)
    columns = lms_of(request).store.line_items
    rows = [(student, [_grade(column, student.id) for column in columns]) for student in shown]
    return page(request, "grades.html", person=person, columns=columns, rows=rows)


@router.get("/as/{slug}/participants")
async def participants(slug: str, request: Request) -> Response:
    """The students, enrolled or removed."""
    person, lms = teacher_of(slug), lms_of(request)
    shown: dict[str, Any] = {
        "students": STUDENTS,
        "removed": lms.store.removed_people,
        "sesskey": lms.launches.sesskeys[person.id],
    }
    return page(request, "participants.html", person=person, **shown)


@router.post("/as/{slug}/participants/{student}/{act}")
async def change_enrolment(slug: str, student: str, act: str, request: Request) -> Response:
    """Remove a student from the course, or enrol one again."""
    person, lms, changed = teacher_of(slug), lms_of(request), person_of(student)
    form = await request.form()
    _check_sesskey(lms.launches.sesskeys[person.id], str(form.get("sesskey")))
    if changed.is_teacher or act not in ("remove", "enrol"):
        raise PageNotFound
    (lms.store.enrol if act == "enrol" else lms.store.unenrol)(changed.id)
    return RedirectResponse(f"/as/{slug}/participants", 303)


def _grade(column: Any, person_id: str) -> str:
    score = column.scores.get(person_id)
    return f"{score.given:g} / {column.maximum:g}" if score and score.given is not None else "–"


def _check_sesskey(known: str, given: str | None) -> None:
    if not secrets.compare_digest(known, given or ""):
        raise PageNotFound


def _remembering(response: Response, person: Person) -> Response:
    """Remember the person of this browser, for launches in a new tab."""
    response.set_cookie("lms_person", person.slug, httponly=True, samesite="lax")
    return response
