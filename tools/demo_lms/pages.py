"""What people see: the campus, the course, an activity, the form, the grades."""

import json
import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from .campus import PEOPLE, STUDENTS, Person
from .content import GradeInvalid, from_form, read_items
from .lms import NobodyHere, lms_of, page, person_of, teacher_of
from .signing import SignatureRefused

router = APIRouter()


@router.get("/")
async def campus(request: Request) -> Response:
    """Everybody who can be played."""
    return page(request, "campus.html", people=PEOPLE)


@router.get("/as/{slug}/")
async def course(slug: str, request: Request) -> Response:
    person = person_of(slug)
    activities = lms_of(request).store.activities
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
async def activity(slug: str, id: int, request: Request) -> Response:
    """The activity with the tool in a frame, as Moodle shows it."""
    person = person_of(slug)
    lms = lms_of(request)
    found = lms.store.activity(id)
    if found is None:
        raise NobodyHere
    tool, storage = lms.settings.tool_origin, lms.settings.storage
    shown: dict[str, Any] = {"person": person, "activity": found, "tool": tool, "storage": storage}
    return _remembering(page(request, "activity.html", **shown), person)


@router.get("/storage")
async def storage_frame(request: Request) -> Response:
    """The hidden frame that keeps data for tools, when the settings name one."""
    lms = lms_of(request)
    return page(request, "storage.html", storage=lms.settings.storage)


@router.post("/as/{slug}/activities")
async def save_activity(slug: str, request: Request) -> Response:
    """Save the form and display what was placed."""
    person, lms = teacher_of(slug), lms_of(request)
    form = await request.form()
    fields = {name: str(value) for name, value in form.items()}
    _check_sesskey(lms.launches.sesskeys[person.id], fields.get("sesskey"))
    try:
        items = from_form(fields["items"], fields.get("title", ""), fields.get("text", ""))
    except GradeInvalid:
        sesskey, tools = lms.launches.sesskeys[person.id], lms.store.active_tools()
        wrong: dict[str, Any] = {"sesskey": sesskey, "problem": "invalid_grade", "tools": tools}
        return page(request, "new.html", status=422, person=person, **wrong)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NobodyHere from None
    tool = lms.store.tool(fields.get("tool")) or lms.store.tools[0]
    placed = [lms.store.add_activity(item, tool.client_id) for item in items]
    where = f"activities/{placed[0].id}" if len(placed) == 1 else ""
    return RedirectResponse(f"/as/{slug}/{where}", 303)


@router.post("/as/{slug}/activities/{id}/remove")
async def remove_activity(slug: str, id: int, request: Request) -> Response:
    person, lms = teacher_of(slug), lms_of(request)
    form = await request.form()
    _check_sesskey(lms.launches.sesskeys[person.id], str(form.get("sesskey")))
    lms.store.remove_activity(id)
    return RedirectResponse(f"/as/{slug}/", 303)


@router.post("/as/{slug}/content/return")
async def content_returned(slug: str, request: Request) -> Response:
    """What the tool chose; lands in the dialog's frame and is handed to the form around it."""
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
    """Where a tool sends people back; breaks out of its frame."""
    return page(request, "back.html", framed=True, person=person_of(slug))


@router.get("/as/{slug}/grades")
async def grades(slug: str, request: Request) -> Response:
    """The gradebook: everybody's for the teacher, one's own for a student."""
    person = person_of(slug)
    shown = STUDENTS if person.is_teacher else (person,)
    columns = lms_of(request).store.line_items
    rows = [(one, [_grade(column, one.id) for column in columns]) for one in shown]
    return page(request, "grades.html", person=person, columns=columns, rows=rows)


def _grade(column: Any, person_id: str) -> str:
    score = column.scores.get(person_id)
    return f"{score.given:g} / {column.maximum:g}" if score and score.given is not None else "–"


def _check_sesskey(known: str, given: str | None) -> None:
    if not secrets.compare_digest(known, given or ""):
        raise NobodyHere


def _remembering(response: Response, person: Person) -> Response:
    """Who was here last in this browser: a launch in a tab of its own is theirs."""
    response.set_cookie("lms_person", person.slug, httponly=True, samesite="lax")
    return response
