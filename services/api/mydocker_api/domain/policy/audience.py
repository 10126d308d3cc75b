"""Which changes an event stream passes on to its person."""

from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.events import ChangeEvent, ChangeKind, EventKind, LoggedChange


@dataclass
class Audience:
    """Courses whose changes a person receives."""

    person_id: UUID
    overseen: set[UUID]
    """Owned, or placed in a course space where the person teaches."""
    joined: set[UUID]
    operates: bool = False

    def visible(self, event: ChangeEvent) -> ChangeEvent | None:
        """The change as this person may see it; None when it is not for them.

        The person's own environments, builds and rights come unchanged. Changes of other people's
        environments in a Course the person oversees come as a change of that Course, without the
        owner: the pages that may show more ask for it. Operators also receive everybody's rights.
        """
        if event.owner_id == self.person_id:
            return event
        if event.kind in (EventKind.PERSON_CHANGED, EventKind.ROLE_CHANGED):
            return event if event.kind is EventKind.PERSON_CHANGED and self.operates else None
        if event.course_id in self.overseen:
            return _without_person(event)
        is_joined = event.course_id in self.joined
        return event if event.kind is EventKind.COURSE_CHANGED and is_joined else None

    def shown(self, change: LoggedChange) -> LoggedChange | None:
        """An entry of the change log as this person may see it now; None: not at all.

        Courses and sessions: whoever oversees or joined the Course. Environments: their owners,
        and whoever oversees the Course, without the owner. Builds: their authors. Platforms:
        operators.
        """
        if change.kind is ChangeKind.PLATFORM:
            return change if self.operates else None
        if change.owner_id == self.person_id:
            return change
        seen = set(self.overseen)
        if change.kind in (ChangeKind.COURSE, ChangeKind.SESSION):
            seen |= self.joined
        if change.kind is ChangeKind.BUILD or change.course_id not in seen:
            return None
        return change.model_copy(update={"owner_id": None})

    def learn(self, event: ChangeEvent) -> None:
        """Add a Course that the person created after the stream began."""
        if event.kind is EventKind.COURSE_CHANGED and event.owner_id == self.person_id:
            self.overseen.add(event.subject_id)


def _without_person(event: ChangeEvent) -> ChangeEvent | None:
    """A change of somebody's environment as a change of its Course."""
    if event.kind is EventKind.COURSE_CHANGED:
        return event
    if event.kind is not EventKind.ENVIRONMENT_CHANGED or event.course_id is None:
        return None
    return ChangeEvent(
        id=event.id,
        kind=EventKind.COURSE_CHANGED,
        subject_id=event.course_id,
        course_id=event.course_id,
    )
