"""LTI roles to ours. Only context roles count; an institution's administrator has none here.

https://www.imsglobal.org/spec/lti/v1p3#role-vocabularies
"""

from collections.abc import Iterable

from mydocker_kit.contracts.gateway.launches import ContextRole

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_CORE = frozenset({"Administrator", "ContentDeveloper", "Instructor", "Learner", "Mentor"})
_BY_NAME = {
    "Administrator": ContextRole.TEACHER,
    "ContentDeveloper": ContextRole.TEACHER,
    "Instructor": ContextRole.TEACHER,
    "Manager": ContextRole.OBSERVER,
    "Learner": ContextRole.STUDENT,
}
_ASSISTANTS = frozenset({"TeachingAssistant", "TeachingAssistantGroup", "TeachingAssistantOffering",
                         "TeachingAssistantSection", "TeachingAssistantSectionAssociation",
                         "TeachingAssistantTemplate", "Grader"})  # fmt: skip
_RANKS = list(ContextRole)


def context_role(roles: Iterable[str]) -> ContextRole:
    """The highest context role; NONE without a known one."""
    names = {parsed for role in roles if (parsed := _parsed(role))}
    # Platforms send the principal role with each sub-role: assistants are also Instructor.
    if any(sub for name, sub in names if name == "Instructor"):
        names.discard(("Instructor", ""))
    return min((_ranked(*name) for name in names), key=_RANKS.index, default=ContextRole.NONE)


def _parsed(role: str) -> tuple[str, str] | None:
    """(role, sub-role) of a context role in full or short form."""
    if role in _CORE:
        return role, ""
    if role.startswith(f"{_MEMBERSHIP}#"):
        return role[len(_MEMBERSHIP) + 1 :], ""
    if role.startswith(f"{_MEMBERSHIP}/"):
        name, _, sub = role[len(_MEMBERSHIP) + 1 :].partition("#")
        return name, sub
    return None


def _ranked(name: str, sub: str) -> ContextRole:
    if name == "Instructor" and sub in _ASSISTANTS:
        return ContextRole.ASSISTANT
    return _BY_NAME.get(name, ContextRole.NONE)
