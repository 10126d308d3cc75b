"""Rights that an owner gives to somebody by e-mail, and who counts for an address.

An e-mail address is only what one platform says of its own people. It is compared within that
platform alone, once, when the share is made or its person first arrives; it never identifies
somebody across platforms.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from mydocker_kit.errors import Conflict, Invalid

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class ShareRight(StrEnum):
    """What a share permits; each includes the ones before it."""

    TEST = "test"
    """Start the Course as a student does, before it is ready; Courses only."""
    VIEW = "view"
    """Read it, and use it: run a Course from status `test` on, choose an Image for a Course."""
    EDIT = "edit"


class ShareKind(StrEnum):
    """What is shared."""

    COURSE = "course"
    IMAGE = "image"


class NoPlatform(Conflict):
    """Whoever shares comes from no platform whose addresses could be compared."""

    code, title = "share_no_platform", "You come from no LMS whose people you could invite"


class OtherPlatform(Invalid):
    """Addresses count within the platforms that the person comes from."""

    code, title = "share_other_platform", "You do not come from this platform"


class AddressAmbiguous(Conflict):
    """Several people of the platform have this address: it says nothing."""

    code, title = "share_address_ambiguous", "Several people have this e-mail address"


class AlreadyOwner(Conflict):
    """The address is the owner's own."""

    code, title = "share_with_owner", "This person is the owner"


class NotArrived(Conflict):
    """An invitation names an address, not yet a person."""

    code, title = "share_not_arrived", "This person has not come here yet"


class CannotOwn(Conflict):
    """Only teachers own Courses and Images."""

    code, title = "share_cannot_own", "This person does not teach here"


def rights_of(kind: ShareKind) -> list[ShareRight]:
    """The rights that can be given to a resource of this kind."""
    return list(ShareRight) if kind is ShareKind.COURSE else [ShareRight.VIEW, ShareRight.EDIT]


def stronger(first: ShareRight, second: ShareRight) -> ShareRight:
    """The right that includes the other one."""
    return max(first, second, key=list(ShareRight).index)


def normal_address(email: str) -> str:
    """The form in which addresses are compared: Moodle ignores case as well."""
    return email.strip().casefold()


def is_address(email: str) -> bool:
    """Whether the text has the form of an e-mail address."""
    return _ADDRESS.fullmatch(email) is not None


def platform_to_ask(known: Collection[str], wanted: str | None) -> str:
    """The platform whose people a share may name: one that the sharing person comes from."""
    if not known:
        raise NoPlatform
    if wanted is None:
        return next(iter(known))
    if wanted not in known:
        raise OtherPlatform
    return wanted


def person_of_address(people: Collection[UUID]) -> UUID | None:
    """Who has the address on a platform; None: nobody yet."""
    if len(people) > 1:
        raise AddressAmbiguous
    return next(iter(people), None)
