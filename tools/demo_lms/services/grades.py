"""Assignment and Grade Services as in Moodle: exact media types, scores that erase."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ..campus import COURSE, STUDENTS
from ..lms import Lms, lms_of
from ..lti.launches import AGS_SCOPES
from ..store import LineItem, Score
from .access import ServiceRefused, authorized, check_course

router = APIRouter()
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
_LINE_ITEM, _LINE_ITEM_READ, _RESULT_READ, _SCORE = AGS_SCOPES


@router.get("/services/{course}/lineitems")
async def line_items(course: str, request: Request) -> Response:
    lms = authorized(request, LINE_ITEMS, _LINE_ITEM, _LINE_ITEM_READ)
    check_course(course)
    filters = request.query_params
    items = [item for item in lms.store.line_items if _matches(item, filters)]
    return JSONResponse([_line_item_json(lms, item) for item in items], media_type=LINE_ITEMS)


def _matches(item: LineItem, filters: Mapping[str, str]) -> bool:
    link = str(item.activity_id) if item.activity_id is not None else None
    return (
        filters.get("resource_link_id", link) == link
        and filters.get("resource_id", item.resource_id) == item.resource_id
        and filters.get("tag", item.tag) == item.tag
    )


@router.post("/services/{course}/lineitems")
async def add_line_item(course: str, request: Request) -> Response:
    lms = authorized(request, LINE_ITEM, _LINE_ITEM, sent=True)
    check_course(course)
    body = await _json(request)
    maximum = body.get("scoreMaximum")
    if not isinstance(body.get("label"), str) or not _is_positive(maximum):
        raise ServiceRefused(400, "No label or scoreMaximum")
    link = body.get("resourceLinkId")
    item = LineItem(
        id=lms.store.new_id(),
        label=body["label"],
        maximum=float(str(maximum)),
        activity_id=int(link) if link else None,
        resource_id=str(body.get("resourceId", "")),
        tag=str(body.get("tag", "")),
    )
    lms.store.line_items.append(item)
    lms.store.save()
    return JSONResponse(_line_item_json(lms, item), 201, media_type=LINE_ITEM)


@router.get("/services/{course}/lineitems/{id}/lineitem")
async def line_item(course: str, id: int, request: Request) -> Response:
    lms = authorized(request, LINE_ITEM, _LINE_ITEM, _LINE_ITEM_READ)
    return JSONResponse(_line_item_json(lms, _item(lms, course, id)), media_type=LINE_ITEM)


@router.put("/services/{course}/lineitems/{id}/lineitem")
async def change_line_item(course: str, id: int, request: Request) -> Response:
    lms = authorized(request, LINE_ITEM, _LINE_ITEM, sent=True)
    item, body = _item(lms, course, id), await _json(request)
    item.label = str(body.get("label", item.label))
    if _is_positive(body.get("scoreMaximum")):
        item.maximum = body["scoreMaximum"]
    item.resource_id = str(body.get("resourceId", item.resource_id))
    item.tag = str(body.get("tag", item.tag))
    lms.store.save()
    return JSONResponse(_line_item_json(lms, item), media_type=LINE_ITEM)


@router.delete("/services/{course}/lineitems/{id}/lineitem")
async def remove_line_item(course: str, id: int, request: Request) -> Response:
    """Delete the line item and its grades, even the activity's own one, as in Moodle."""
    lms = lms_of(request)
    request.app.state.access_tokens.check(request, lms.clock(), _LINE_ITEM)
    item = _item(lms, course, id)
    lms.store.line_items.remove(item)
    lms.store.save()
    return Response(status_code=204)


@router.post("/services/{course}/lineitems/{id}/lineitem/scores")
async def post_score(course: str, id: int, request: Request) -> Response:
    """Store a score; 409 unless later by a whole second. Without a full grade it erases."""
    lms = authorized(request, SCORE, _SCORE, sent=True)
    item, body = _item(lms, course, id), await _json(request)
    needed = ("userId", "timestamp", "activityProgress", "gradingProgress")
    if any(name not in body for name in needed):
        raise ServiceRefused(400, "Incorrect score received")
    user = str(body["userId"])
    if user not in {student.id for student in STUDENTS}:
        raise ServiceRefused(400, "Incorrect score received")
    known = item.scores.get(user)
    if known and _seconds(body["timestamp"]) <= _seconds(known.timestamp):
        raise ServiceRefused(409, "Refusing score with an earlier timestamp")
    given = _rescaled(body, item) if body["gradingProgress"] == "FullyGraded" else None
    item.scores[user] = Score(body["timestamp"], given, str(body.get("comment", "")))
    lms.store.save()
    return Response(status_code=200)


def _rescaled(body: dict[str, Any], item: LineItem) -> float | None:
    given, maximum = body.get("scoreGiven"), body.get("scoreMaximum")
    if given is None:
        return None
    if not _is_positive(maximum) or not isinstance(given, int | float) or given < 0:
        raise ServiceRefused(400, "Incorrect score received")
    return min(float(given) / float(str(maximum)) * item.maximum, item.maximum)


@router.get("/services/{course}/lineitems/{id}/lineitem/results")
async def results(course: str, id: int, request: Request) -> Response:
    """The results; people without a grade are omitted."""
    lms = authorized(request, RESULTS, _RESULT_READ)
    item = _item(lms, course, id)
    user_id = request.query_params.get("user_id")
    address = _line_item_json(lms, item)["id"].partition("?")[0]
    entries = [
        {
            "id": f"{address}/results?type_id=1&user_id={user}",
            "userId": user,
            "resultScore": score.given,
            "resultMaximum": item.maximum,
            "scoreOf": address,
            "comment": score.comment,
            "timestamp": score.timestamp,
        }
        for user, score in item.scores.items()
        if score.given is not None and user_id in (None, user)
    ]
    return JSONResponse(entries, media_type=RESULTS)


def _item(lms: Lms, course: str, id: int) -> LineItem:
    check_course(course)
    item = lms.store.line_item(id)
    if item is None:
        raise ServiceRefused(404, "Line item not found")
    return item


def _line_item_json(lms: Lms, item: LineItem) -> dict[str, Any]:
    address = f"{lms.settings.origin}/services/{COURSE.id}/lineitems/{item.id}/lineitem?type_id=1"
    link = {"resourceLinkId": str(item.activity_id)} if item.activity_id is not None else {}
    return {
        "id": address,
        "label": item.label,
        "scoreMaximum": item.maximum,
        "resourceId": item.resource_id,
        "tag": item.tag,
        **link,
    }


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServiceRefused(400, "No JSON object")
    return body


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _seconds(timestamp: str) -> int:
    try:
        moment = datetime.fromisoformat(str(timestamp))
    except ValueError:
        raise ServiceRefused(400, "Incorrect score received") from None
    return int(moment.timestamp())
