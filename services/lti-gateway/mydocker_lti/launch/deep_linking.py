"""LTI deep linking: stores the request, signs the response with the chosen Courses.

https://www.imsglobal.org/spec/lti-dl/v2p0#deep-linking-response-message
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import CourseItem
from mydocker_kit.errors import Conflict, Invalid, NotFound
from mydocker_kit.vault import Vault

from ..domain.launches.claims import DEEP_LINKING, LTI, VERSION, Claims
from ..domain.launches.targets import LAUNCH_PATH
from ..domain.random_secrets import new_secret
from ..keys.signing import Purpose, SigningKeys
from ..models import ContentRequest, LoginState, Registration
from . import queries

RESPONSE_LIFE = timedelta(minutes=5)
BACKDATED = timedelta(seconds=5)
"""Subtracted from `iat`: Moodle allows no clock skew."""
REQUEST_LIFE = timedelta(hours=8)
BEST_SCORE = 100
"""Moodle accepts whole numbers from 1 to 100; scores are rescaled."""


class ContentRequestUnknown(NotFound):
    """No open request has this id, or it is of another person."""

    code, title = "deep_linking_unknown", "The course space no longer waits for content"


class ContentRequestAnswered(Conflict):
    """The request was answered already."""

    code, title = "deep_linking_answered", "The choice was already sent"


class OneCourseOnly(Invalid):
    """The platform accepts a single content item."""

    code, title = "one_course_only", "The course space takes one course at a time"


@dataclass(frozen=True)
class Reply:
    """The signed response, which the browser posts to `return_url`."""

    return_url: str
    jwt: str


def store_request(
    db: AsyncSession,
    vault: Vault,
    login: LoginState,
    claims: Claims,
    user_id: UUID,
    now: datetime,
) -> None:
    """Store the deep linking settings of the verified token for the response.

    The return URL is encrypted: Moodle's contains the teacher's `sesskey`.
    """
    settings = claims.deep_linking
    if settings is None:
        return
    db.add(
        ContentRequest(
            id=login.id,
            registration_id=login.registration_id,
            deployment_id=claims.deployment_id,
            user_id=user_id,
            return_url=vault.seal(settings.deep_link_return_url),
            data=settings.data,
            accepts_multiple=settings.accept_multiple,
            accepts_line_item=settings.accept_lineitem is not False,
            locale=claims.language,
            created_at=now,
        )
    )


async def open_request(db: AsyncSession, id: UUID, user_id: UUID, now: datetime) -> ContentRequest:
    """The open request of this person, locked."""
    request = await queries.locked_content_request(db, id)
    if request is None or request.user_id != user_id or now - request.created_at > REQUEST_LIFE:
        raise ContentRequestUnknown
    if request.answered_at is not None:
        raise ContentRequestAnswered
    return request


async def reply_with(
    db: AsyncSession,
    keys: SigningKeys,
    vault: Vault,
    request: ContentRequest,
    content: list[dict[str, Any]],
    now: datetime,
    message: str | None = None,
) -> Reply:
    """Sign the response and mark the request as answered."""
    try:
        return_url = vault.open(request.return_url)
    except ValueError:
        raise ContentRequestUnknown from None
    registration = await db.get_one(Registration, request.registration_id)
    begins = now - BACKDATED
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "iat": begins,
        "exp": begins + RESPONSE_LIFE,
        "nonce": new_secret(),
        f"{LTI}deployment_id": request.deployment_id,
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": VERSION,
        f"{DEEP_LINKING}content_items": content,
    }
    if request.data is not None:
        claims[f"{DEEP_LINKING}data"] = request.data
    if message is not None:
        claims[f"{DEEP_LINKING}msg"] = message
    signed = await keys.sign(Purpose.PLATFORMS, claims, now)
    request.answered_at = now
    return Reply(return_url, signed)


def content_items(
    items: Sequence[CourseItem],
    parameters: Sequence[Mapping[str, str]],
    app_origin: str,
    *,
    grade_column: bool,
) -> list[dict[str, Any]]:
    """The chosen Courses as LTI resource links; `parameters` name them and are copied with them."""
    return [
        {
            "type": "ltiResourceLink",
            "title": item.title[:255],
            "text": item.text,
            "url": f"{app_origin}{LAUNCH_PATH}",
            "custom": dict(custom),
            **({"lineItem": _line_item(item)} if grade_column else {}),
        }
        for item, custom in zip(items, parameters, strict=True)
    ]


def _line_item(item: CourseItem) -> dict[str, Any]:
    return {
        "label": item.title[:255],
        "scoreMaximum": BEST_SCORE,
        "resourceId": str(item.id),
        "tag": "mydocker",
    }
