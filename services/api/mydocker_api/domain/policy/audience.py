"""Which changes an event stream passes on to its person."""

from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.events import ChangeEvent, EventKind


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
