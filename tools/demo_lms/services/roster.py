"""Names and Role Provisioning Services as in Moodle."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ..campus import COURSE, PEOPLE, Person
from ..lti.launches import NRPS_SCOPE
from .access import authorized, check_course

router = APIRouter()


MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@router.get("/services/CourseSection/{course}/bindings/{tool}/memberships")
async def memberships(course: str, tool: str, request: Request) -> Response:
    """The roster: short role names, active people only; `next` links drop the role filter."""
    lms = authorized(request, MEMBERSHIPS, NRPS_SCOPE)
    check_course(course)
    role = request.query_params.get("role", "").rpartition("#")[2]
    is_filtered = role in ("Learner", "Instructor")
    enrolled = [person for person in PEOPLE if person.id not in lms.store.removed_people]
    people = [person for person in enrolled if not is_filtered or role == _role(person)]
    limit = int(request.query_params.get("limit", "0") or 0)
    begin = int(request.query_params.get("from", "0") or 0)
    address = f"{lms.settings.origin}{request.url.path}"
    body = {
        "id": address,
        "context": {"id": COURSE.id, "label": COURSE.label, "title": COURSE.titles["en"]},
        "members": [
            _member(person)
            for person in (people[begin : begin + limit] if limit else people[begin:])
        ],
    }
    more = limit and begin + limit < len(people)
    link = f'<{address}?limit={limit}&from={begin + limit}>; rel="next"'
    return JSONResponse(body, headers={"Link": link} if more else {}, media_type=MEMBERSHIPS)


def _role(person: Person) -> str:
    return "Instructor" if person.is_teacher else "Learner"


def _member(person: Person) -> dict[str, Any]:
    return {
        "status": "Active",
        "roles": [_role(person)],
        "user_id": person.id,
        "lis_person_sourcedid": f"S-{person.id:>04}",
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "ext_user_username": person.slug,
    }
