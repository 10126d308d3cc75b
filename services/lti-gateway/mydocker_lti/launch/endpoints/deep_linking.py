"""Deep linking: the page's choice of Courses, signed for the platform."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from mydocker_kit.web.dependencies import Db, Now, bearer

from ...keys.deps import Keys
from ...web.deps import Api, Settings
from ...web.texts import CANCELLED, language_of
from ...web_sessions.tokens import signed_in_user
from ..course_links import CourseLinks
from ..deep_linking import OneCourseOnly, Reply, content_items, open_request, reply_with

router = APIRouter(prefix="/lti/deep-linking", tags=["deep linking"])


class ChoiceIn(BaseModel):
    """The Courses to add to the LMS course."""

    course_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    grade_column: bool = False


class RequestOut(BaseModel):
    """What the platform accepts; the page offers nothing else."""

    several: bool
    grade_column: bool


class ReplyOut(BaseModel):
    """The browser posts `jwt` as the form field `JWT` to `return_url`."""

    return_url: str
    jwt: str


@router.get("/{id}", operation_id="get_deep_linking_request")
async def get_request(id: UUID, request: Request, db: Db, keys: Keys, now: Now) -> RequestOut:
    """What the platform accepts."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    content_request = await open_request(db, id, user_id, now)
    return RequestOut(
        several=content_request.accepts_multiple, grade_column=content_request.accepts_line_item
    )


@router.post("/{id}", operation_id="choose_course")
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
    """Sign a response with the chosen Courses."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    content_request = await open_request(db, id, user_id, now)
    if len(body.course_ids) > 1 and not content_request.accepts_multiple:
        raise OneCourseOnly
    items = await api.course_items(user_id, body.course_ids, id)
    grade_column = body.grade_column and content_request.accepts_line_item
    vault = request.app.state.vault
    links = CourseLinks(db, vault, content_request.registration_id)
    parameters = await links.parameters([item.id for item in items])
    content = content_items(items, parameters, settings.app_origin, grade_column=grade_column)
    return _out(await reply_with(db, keys, vault, content_request, content, now))


@router.post("/{id}/cancel", operation_id="cancel_deep_linking")
async def cancel(id: UUID, request: Request, db: Db, keys: Keys, now: Now) -> ReplyOut:
    """Sign an empty response."""
    user_id = await signed_in_user(db, keys, bearer(request), now)
    content_request = await open_request(db, id, user_id, now)
    message = CANCELLED[language_of(content_request.locale, request.headers.get("Accept-Language"))]
    return _out(
        await reply_with(db, keys, request.app.state.vault, content_request, [], now, message)
    )


def _out(reply: Reply) -> ReplyOut:
    return ReplyOut(return_url=reply.return_url, jwt=reply.jwt)
