"""NRPS member lists: tolerant parsing, and differences applied to a known list.

https://www.imsglobal.org/spec/lti-nrps/v2p0
"""

from collections.abc import Iterable, Mapping

from mydocker_kit.contracts.gateway.rosters import Member
from mydocker_kit.contracts.values import external_text, is_storable

from ..launches.roles import context_role

_GONE = "Deleted"


def with_changes(known: Mapping[str, Member], entries: Iterable[object]) -> dict[str, Member]:
    """`known` with the platform's entries applied: added, replaced, or removed if deleted.

    Roles are short (`Learner`) or full URIs; names and addresses are present only if the platform
    shares them; a missing status means active.
    """
    members = dict(known)
    for entry in entries:
        subject = _subject(entry)
        if subject is None or not isinstance(entry, dict):
            continue
        if entry.get("status") == _GONE:
            members.pop(subject, None)
        else:
            members[subject] = _member(subject, entry)
    return members


def _subject(entry: object) -> str | None:
    id = entry.get("user_id") if isinstance(entry, dict) else None
    if isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    return id if isinstance(id, str) and 0 < len(id) <= 255 and is_storable(id) else None


def _member(subject: str, entry: Mapping[str, object]) -> Member:
    roles = entry.get("roles")
    named = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    parts = [part for part in (_text(entry, "given_name"), _text(entry, "family_name")) if part]
    return Member(
        subject=subject,
        role=context_role(named),
        active=entry.get("status", "Active") == "Active",
        name=_text(entry, "name") or external_text(" ".join(parts)),
        email=_text(entry, "email"),
    )


def _text(entry: Mapping[str, object], name: str) -> str | None:
    value = entry.get(name)
    return external_text(value) if isinstance(value, str) else None
