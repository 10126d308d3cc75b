"""Rights of other people on a Course, by e-mail: what a file says against what is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from . import models
from .client import Client
from .errors import ClientError, Exit


@dataclass(frozen=True)
class Right:
    """One right that a file names."""

    email: str
    right: models.ShareRight


@dataclass(frozen=True)
class RightStep:
    """One right to give, change or take away."""

    email: str
    current: models.RightHolder | None
    wanted: models.ShareRight | None
    """None: take it away."""

    def lines(self) -> list[str]:
        """The step as text."""
        if self.wanted is None:
            return [f"- right of {self.email}"]
        if self.current is None:
            return [f"+ right of {self.email}: {self.wanted.value}"]
        changed = f"    right: {self.current.right.value!r} → {self.wanted.value!r}"
        return [f"~ right of {self.email}", changed]


class NotTheOwner(ClientError):
    """Only the owner of a Course gives rights to it."""

    exit = Exit.FORBIDDEN


def given(sharing: models.Sharing) -> list[tuple[str, models.RightHolder]]:
    """The rights that the owner gave, each with its address."""
    return [
        (holder.email, holder)
        for holder in sharing.people
        if holder.origin is models.RightOrigin.SHARE and holder.email is not None
    ]


def steps_for(
    client: Client, course_id: UUID | None, wanted: Sequence[Right], *, prune: bool
) -> Iterable[RightStep]:
    """What to do; `prune`: rights that the file does not name are taken away."""
    there: dict[str, models.RightHolder] = {}
    if course_id is not None:
        sharing = client.sharing(course_id)
        if not sharing.may_share:
            raise NotTheOwner("rights: only the owner of the course gives them")
        there = {email.casefold(): holder for email, holder in given(sharing)}
    for entry in wanted:
        holder = there.get(entry.email.casefold())
        if holder is None or holder.right is not entry.right:
            yield RightStep(entry.email, holder, entry.right)
    if prune:
        named = {entry.email.casefold() for entry in wanted}
        for email, holder in there.items():
            if email not in named:
                yield RightStep(email, holder, None)


def take(client: Client, course_id: UUID, step: RightStep) -> None:
    """Do one step."""
    if step.wanted is None:
        if step.current is not None and step.current.share_id is not None:
            client.remove_right(course_id, step.current.share_id)
    else:
        client.give_right(course_id, step.email, step.wanted)
