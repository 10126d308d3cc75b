"""What people may do anywhere, and what operators may decide about them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.errors import Forbidden

MAY_TEACH = frozenset({ContextRole.TEACHER})
MAY_ENTER = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT, ContextRole.STUDENT})
"""Observers read, they get no environment (docs/lti/conformance.md, VL-15)."""
MAY_SEE_DASHBOARD = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT})


class MayDo(StrEnum):
    """What a person may do anywhere; a resource's own `can` says more."""

    CREATE_COURSES = "create_courses"
    BUILD_IMAGES = "build_images"
    OPERATE = "operate"


@dataclass(frozen=True)
class Person:
    """The caller, with what rules need to know of them."""

    id: UUID
    name: str
    email: str | None
    locale: str | None
    roles: frozenset[ContextRole]
    """Over all contexts; refreshed by each launch."""
    operates: bool = False
    may_build: bool = False
    """An operator has approved it, once and for everywhere."""
    asks_to_build: bool = False


def may_do(person: Person) -> list[MayDo]:
    """What this person may do anywhere."""
    rights = []
    if person.roles & MAY_TEACH:
        rights.append(MayDo.CREATE_COURSES)
    if person.may_build or person.operates:
        rights.append(MayDo.BUILD_IMAGES)
    if person.operates:
        rights.append(MayDo.OPERATE)
    return rights


def may_prepare_images(person: Person) -> bool:
    """Whether the person may write Images: harmless until somebody may build them."""
    return bool({MayDo.CREATE_COURSES, MayDo.BUILD_IMAGES} & set(may_do(person)))


class ForecastNotForYou(Forbidden):
    """Forecasts are for those who plan sessions and those who keep the machines."""

    code, title = "forecast_not_for_you", "Forecasts are for teachers and operators"


def must_see_forecasts(person: Person) -> None:
    """`ForecastNotForYou` unless the person plans sessions or operates this platform."""
    if not {MayDo.CREATE_COURSES, MayDo.OPERATE} & set(may_do(person)):
        raise ForecastNotForYou


class UserDisabled(Forbidden):
    """An operator has disabled this person."""

    code, title = "user_disabled", "Your account is disabled"


class BuildNotApproved(Forbidden):
    """Building runs a teacher's commands on our machines: an operator approves it first."""

    code, title = "build_not_approved", "An operator has to approve that you build images"


class BuildApproval(StrEnum):
    """Whether a person may build images."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"


class PersonCan(StrEnum):
    """What an operator may decide about a person now."""

    MAKE_OPERATOR = "make_operator"
    UNMAKE_OPERATOR = "unmake_operator"
    APPROVE_BUILD = "approve_build"
    WITHDRAW_BUILD = "withdraw_build"
    DISABLE = "disable"
    ENABLE = "enable"


@dataclass(frozen=True)
class AccountState:
    """What operators have decided about a person, and what the person asks of them."""

    operates: bool
    may_build: bool
    asks_to_build: bool
    disabled: bool


def build_approval(person: AccountState | Person) -> BuildApproval:
    """The approval of a person; operators need none."""
    if person.may_build or person.operates:
        return BuildApproval.APPROVED
    return BuildApproval.ASKED if person.asks_to_build else BuildApproval.NONE


def person_can(account: AccountState, *, is_self: bool) -> list[PersonCan]:
    """What may be decided about this person; that an operator must be left is checked then."""
    if account.disabled:
        return [PersonCan.ENABLE]
    rights = [PersonCan.UNMAKE_OPERATOR if account.operates else PersonCan.MAKE_OPERATOR]
    if not account.may_build and not account.operates:
        rights.append(PersonCan.APPROVE_BUILD)
    if account.may_build or account.asks_to_build:
        rights.append(PersonCan.WITHDRAW_BUILD)
    return rights if is_self else [*rights, PersonCan.DISABLE]


class OperatorsOnly(Forbidden):
    """Only an operator of this platform may do this."""

    code, title = "operators_only", "Only operators may do this"


def must_operate(person: Person) -> None:
    """`OperatorsOnly` unless the person operates this platform."""
    if MayDo.OPERATE not in may_do(person):
        raise OperatorsOnly(f"{person.id} is no operator")
