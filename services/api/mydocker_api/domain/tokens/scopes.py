"""What an API token may be used for: scopes, and which one an operation needs.

Every operation of the API falls into one of three groups: it needs a scope; any token may call it
(`ANY`); or no token may, because it acts on a web session, on the account itself or on tokens.
A scope only narrows: the rights of the token's owner are checked for each call as always.
"""

from collections.abc import Collection
from enum import StrEnum

from mydocker_kit.contracts.events import ChangeKind

ANY = "any"
"""Every token may call the operation."""


class Scope(StrEnum):
    """A resource and an act; `write` includes `read`."""

    COURSES_READ = "courses:read"
    COURSES_WRITE = "courses:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    IMAGES_READ = "images:read"
    IMAGES_WRITE = "images:write"
    ENVIRONMENTS_READ = "environments:read"
    ENVIRONMENTS_WRITE = "environments:write"
    ROSTERS_READ = "rosters:read"
    ROSTERS_WRITE = "rosters:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    CAPACITY_READ = "capacity:read"
    CAPACITY_WRITE = "capacity:write"
    PLATFORMS_READ = "platforms:read"
    PLATFORMS_WRITE = "platforms:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


_RESOURCES = {
    "courses": "courses",
    "sessions": "sessions",
    "images": "images",
    "catalogue": "images",
    "environments": "environments",
    "room": "environments",
    "submissions": "environments",
    "people": "people",
    "capacity": "capacity",
    "platforms": "platforms",
    "refusals": "platforms",
    "webhooks": "webhooks",
}
"""Tag of an operation to the resource of its scope."""
OF_KINDS = {
    ChangeKind.ENVIRONMENT: Scope.ENVIRONMENTS_READ,
    ChangeKind.BUILD: Scope.IMAGES_READ,
    ChangeKind.COURSE: Scope.COURSES_READ,
    ChangeKind.SESSION: Scope.SESSIONS_READ,
    ChangeKind.PLATFORM: Scope.PLATFORMS_READ,
}
"""Kind of a change to the scope that a token needs to learn of it, by stream or webhook."""
_OF_OPERATIONS = {
    "list_people_of_course": Scope.ROSTERS_READ,
    "sync_people_of_course": Scope.ROSTERS_WRITE,
    "send_score": Scope.ROSTERS_WRITE,
    "list_extra_time": Scope.ROSTERS_READ,
    "grant_extra_time": Scope.ROSTERS_WRITE,
    "withdraw_extra_time": Scope.ROSTERS_WRITE,
    "get_room": Scope.ROSTERS_READ,
    "list_submissions": Scope.ROSTERS_READ,
    "get_credentials": Scope.ENVIRONMENTS_WRITE,
    "get_me": ANY,
    "stream_changes": ANY,
}
"""Names, grades and passwords need more than the tag and method say."""
_NEVER = frozenset(
    {
        "ask_to_build",
        "add_ssh_key",
        "carry_out_erasure",
        "join_machine",
        "list_ssh_keys",
        "remove_ssh_key",
        "make_operator",
        "unmake_operator",
        "open_port",
        "open_port_of_person",
        "stream_build_log",
    }
)
"""Ways into an account, rights of operators, the token of a machine, and what is bound to a
browser's web session."""


def required_scope(tag: str, operation: str, method: str) -> str | None:
    """What a token needs for this operation: a scope, `ANY`, or None where none suffices."""
    if operation in _NEVER:
        return None
    if operation in _OF_OPERATIONS:
        return _OF_OPERATIONS[operation]
    if tag not in _RESOURCES:
        return None
    return Scope(f"{_RESOURCES[tag]}:{'read' if method == 'GET' else 'write'}")


def allows(scopes: Collection[str], required: str) -> bool:
    """Whether a token with these scopes may call an operation that needs `required`."""
    resource, _, act = required.partition(":")
    return (
        required == ANY or required in scopes or (act == "read" and f"{resource}:write" in scopes)
    )
