"""The picker's answer to the platform."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from mydocker_kit.dependencies import Db, Now, bearer
from mydocker_kit.problems import responses

from ...keys.deps import Keys
from ...web.deps import Api, Settings
from ...web.texts import CANCELLED, language_of
from ...web_sessions.tokens import signed_in_user
from ..course_links import CourseLinks
from ..deep_linking import OneCourseOnly, Reply, content_items, open_request, reply_with

router = APIRouter(prefix="/lti/deep-linking", tags=["deep linking"])


class ChoiceIn(BaseModel):
    """The Courses to place in the LMS course."""

    course_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    grade_column: bool = False


class RequestOut(BaseModel):
    """What the platform takes: the picker offers nothing else."""

    several: bool
    grade_column: bool


class ReplyOut(BaseModel):
    """The browser posts `jwt` as the form field `JWT` to `return_url`."""

    return_url: str
    jwt: str


@router.get("/{id}", responses=responses(401, 404, 409))
async def get_request(id: UUID, request: Request, db: Db, keys: Keys, now: Now) -> RequestOut:
    """What may be chosen."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    waiting = await open_request(db, id, user_id, now)
    return RequestOut(several=waiting.accepts_multiple, grade_column=waiting.accepts_line_item)


@router.post("/{id}", responses=responses(401, 403, 404, 409, 422))
async def choose(
    id: UUID,
    body: ChoiceIn,
    request: Request,
    db: Db,
    keys: Keys,
    api: Api,
    settings: Settings,
    now: Now,
) -> ReplyOut:
    """Send the chosen Courses back."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    waiting = await open_request(db, id, user_id, now)
    if len(body.course_ids) > 1 and not waiting.accepts_multiple:
        raise OneCourseOnly
    items = await api.course_items(user_id, body.course_ids)
    grade_column = body.grade_column and waiting.accepts_line_item
    vault = request.app.state.vault
    links = CourseLinks(db, vault, waiting.registration_id)
    parameters = await links.parameters([item.id for item in items])
    content = content_items(items, parameters, settings.app_origin, grade_column=grade_column)
    return _out(await reply_with(db, keys, vault, waiting, content, now))


@router.post("/{id}/cancel", responses=responses(401, 404, 409))
async def cancel(id: UUID, request: Request, db: Db, keys: Keys, now: Now) -> ReplyOut:
    """Send nothing back."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    waiting = await open_request(db, id, user_id, now)
    message = CANCELLED[language_of(waiting.locale, request.headers.get("Accept-Language"))]
    return _out(await reply_with(db, keys, request.app.state.vault, waiting, [], now, message))


def _out(reply: Reply) -> ReplyOut:
    return ReplyOut(return_url=reply.return_url, jwt=reply.jwt)
