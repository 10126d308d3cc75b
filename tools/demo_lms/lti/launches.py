"""Launches as in Moodle: login initiation with a one-time launch id, then an id_token."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..campus import BY_ID, COURSE, Person
from ..settings import Settings
from ..store import Activity, LineItem, Store, Tool
from ..texts import Language

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
AGS_SCOPES = [
    f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
]
NRPS_SCOPE = f"{NRPS}scope/contextmembership.readonly"
TOKEN_LIFE = 60
_MAX_OPEN = 5000


@dataclass(frozen=True)
class Opening:
    """A launch between login initiation and authentication, stored under its launch id."""

    person: Person
    language: Language
    activity: Activity | None
    tool: Tool
    column: LineItem | None = None
    content: bool = False
    """Deep linking instead of an activity."""
    window: bool = False


class Refused(Exception):
    """An authentication request that fails on an error page, without a response to the tool."""


class Denied(Exception):
    """An authentication request that fails with an OIDC error response to the tool."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class Launches:
    """Launches in progress, and the people's sesskeys."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._open: dict[str, Opening] = {}
        self.sesskeys = {id: secrets.token_hex(5) for id in BY_ID}

    def login_form(self, opening: Opening) -> dict[str, str]:
        """Fields of the login initiation: Moodle's six, and the storage target if configured."""
        launch_id = f"ltilaunch_{secrets.token_hex(12)}"
        self._open[launch_id] = opening
        while len(self._open) > _MAX_OPEN:
            self._open.pop(next(iter(self._open)))
        storage = self._settings.storage
        cmid = {"cmid": opening.activity.id} if opening.activity and not storage else {}
        target = {"lti_storage_target": storage.frame} if storage and storage.named else {}
        return {
            "iss": self._settings.origin,
            "target_link_uri": opening.activity.url
            if opening.activity
            else self._settings.launch_url,
            "login_hint": opening.person.id,
            "lti_message_hint": json.dumps({**cmid, "launchid": launch_id}, separators=(",", ":")),
            "client_id": opening.tool.client_id,
            "lti_deployment_id": opening.tool.deployment_id,
            **target,
        }

    def opening_of(self, parameters: Mapping[str, str]) -> Opening:
        """The launch of an authentication request.

        The launch id works once, as in Moodle; platforms with storage accept it again.
        """
        self._check(parameters)
        try:
            launch_id = str(json.loads(parameters.get("lti_message_hint", ""))["launchid"])
        except (ValueError, KeyError, TypeError):
            raise Refused("bad lti_message_hint") from None
        take = self._open.get if self._settings.storage else self._open.pop
        opening = take(launch_id, None)
        if opening is None:
            raise Refused("this launch was already used")
        if opening.person.id != parameters.get("login_hint"):
            raise Denied("access_denied", "another user is logged in")
        if opening.person.id in self._store.removed_people:
            raise Denied("access_denied", "not enrolled")
        if opening.tool.client_id != parameters.get("client_id"):
            raise Denied("unauthorized_client", "another tool was opened")
        return opening

    def _check(self, parameters: Mapping[str, str]) -> None:
        if parameters.get("redirect_uri") != self._settings.launch_url:
            raise Refused("unregistered redirect_uri")
        if parameters.get("scope") != "openid":
            raise Refused("scope must be openid")
        if parameters.get("response_type") != "id_token":
            raise Refused("response_type must be id_token")
        if not parameters.get("nonce"):
            raise Refused("nonce is missing")
        if self._store.tool(parameters.get("client_id")) not in self._store.active_tools():
            raise Denied("unauthorized_client", "unknown client_id")
        if parameters.get("response_mode") != "form_post":
            raise Denied("invalid_request", "response_mode must be form_post")
        if parameters.get("prompt", "none") != "none":
            raise Denied("invalid_request", "prompt must be none")

    def claims(self, opening: Opening, nonce: str, now: datetime) -> dict[str, Any]:
        """The id_token's payload."""
        issued = int(now.timestamp())
        claims = {
            "nonce": nonce,
            "iat": issued,
            "exp": issued + TOKEN_LIFE,
            "iss": self._settings.origin,
            "aud": opening.tool.client_id,
            "sub": opening.person.id,
            f"{LTI}deployment_id": opening.tool.deployment_id,
            f"{LTI}version": "1.3.0",
            **self._person_claims(opening),
            **self._course_claims(opening),
        }
        if opening.content:
            return {**claims, **self._content_claims(opening)}
        return {**claims, **self._link_claims(opening)}

    def _person_claims(self, opening: Opening) -> dict[str, Any]:
        person = opening.person
        return {
            f"{LTI}roles": [_MEMBERSHIP + ("Instructor" if person.is_teacher else "Learner")],
            "given_name": person.given_name,
            "family_name": person.family_name,
            "name": person.name,
            "email": person.email,
            f"{LTI}ext": {"user_username": person.slug, "lms": "demo"},
            f"{LTI}lis": {"person_sourcedid": f"S-{person.id:>04}"},
        }

    def _course_claims(self, opening: Opening) -> dict[str, Any]:
        return {
            f"{LTI}context": {
                "id": COURSE.id,
                "label": COURSE.label,
                "title": COURSE.titles[opening.language],
                "type": ["CourseSection"],
            },
            f"{LTI}tool_platform": {
                "product_family_code": "demo-lms",
                "version": "1",
                "guid": "demo-campus",
                "name": "Demo campus",
            },
            f"{LTI}launch_presentation": {
                "locale": opening.language,
                "document_target": "window" if opening.window else "iframe",
                "return_url": f"{self._settings.origin}/as/{opening.person.slug}/return"
                f"?sesskey={self.sesskeys[opening.person.id]}",
            },
            f"{AGS}claim/endpoint": self._grade_claim(opening),
            f"{NRPS}claim/namesroleservice": {
                "context_memberships_url": f"{self._services()}/CourseSection/{COURSE.id}"
                f"/bindings/{opening.tool.deployment_id}/memberships",
                "service_versions": ["1.0", "2.0"],
            },
        }

    def _grade_claim(self, opening: Opening) -> dict[str, Any]:
        items = f"{self._services()}/{COURSE.id}/lineitems"
        claim: dict[str, Any] = {
            "scope": AGS_SCOPES,
            "lineitems": f"{items}?type_id={opening.tool.deployment_id}",
        }
        if opening.column is not None:
            claim["lineitem"] = (
                f"{items}/{opening.column.id}/lineitem?type_id={opening.tool.deployment_id}"
            )
        return claim

    def _link_claims(self, opening: Opening) -> dict[str, Any]:
        activity = opening.activity
        if activity is None:
            raise Refused("nothing to open")
        return {
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}target_link_uri": activity.url,
            f"{LTI}resource_link": {
                "id": str(activity.id),
                "title": activity.title,
                "description": activity.text,
            },
            f"{LTI}custom": activity.custom,
        }

    def _content_claims(self, opening: Opening) -> dict[str, Any]:
        return {
            f"{LTI}message_type": "LtiDeepLinkingRequest",
            f"{LTI}target_link_uri": self._settings.launch_url,
            f"{DEEP_LINKING}deep_linking_settings": {
                "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["frame", "iframe", "window"],
                "accept_multiple": True,
                "accept_unsigned": False,
                "accept_copy_advice": False,
                "auto_create": False,
                "can_confirm": False,
                "deep_link_return_url": f"{self._settings.origin}/as/{opening.person.slug}"
                f"/content/return?sesskey={self.sesskeys[opening.person.id]}",
            },
        }

    def _services(self) -> str:
        return f"{self._settings.origin}/services"
