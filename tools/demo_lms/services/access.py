"""Who may call a service: access tokens in memory, media types, Moodle's plain refusals."""

import secrets
from datetime import datetime, timedelta

from fastapi import Request

from ..campus import COURSE
from ..lms import Lms, lms_of

TOKEN_LIFE = timedelta(hours=1)


class ServiceRefused(Exception):
    """A failed service call: a status and a plain text, as in Moodle."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class AccessTokens:
    """Issued access tokens, in memory; tools fetch new ones after a restart."""

    def __init__(self) -> None:
        self._scopes: dict[str, tuple[frozenset[str], datetime]] = {}

    def issue(self, scopes: frozenset[str], now: datetime) -> str:
        token = secrets.token_hex(16)
        valid = {key: grant for key, grant in self._scopes.items() if grant[1] > now}
        self._scopes = {**valid, token: (scopes, now + TOKEN_LIFE)}
        return token

    def check(self, request: Request, now: datetime, *allowed: str) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        scopes, ends = self._scopes.get(token, (frozenset[str](), now))
        if scheme != "Bearer" or ends <= now or not scopes & set(allowed):
            raise ServiceRefused(401, "Unauthorized")


def authorized(request: Request, media: str, *scopes: str, sent: bool = False) -> Lms:
    """Check access token and media type; returns the LMS."""
    lms = lms_of(request)
    request.app.state.access_tokens.check(request, lms.clock(), *scopes)
    if sent:
        if request.headers.get("Content-Type", "").partition(";")[0].strip() != media:
            raise ServiceRefused(400, "No handler found")
    else:
        accepted = request.headers.get("Accept", "*/*")
        if accepted != media and "*/*" not in accepted:
            raise ServiceRefused(400, "No handler found")
    return lms


def check_course(course: str) -> None:
    if course != COURSE.id:
        raise ServiceRefused(404, "Not found")
