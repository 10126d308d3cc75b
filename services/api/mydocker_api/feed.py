"""The change feed: fans changes out to the event streams of this process."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus
from mydocker_kit.postgres.notify import Hub, notify

CHANNEL = "mydocker_api_changes"


class Feed:
    """Numbers changes in the order of arrival and hands them to all subscribers."""

    def __init__(self) -> None:
        self.hub: Hub[ChangeEvent] = Hub()
        self._number = 0

    def publish(
        self, kind: EventKind, subject_id: UUID, course_id: UUID | None, owner_id: UUID | None
    ) -> None:
        """Send a change to every stream; each filters by what its person may see."""
        self._number += 1
        self.hub.publish(
            ChangeEvent(
                id=self._number,
                kind=kind,
                subject_id=subject_id,
                course_id=course_id,
                owner_id=owner_id,
            )
        )

    def environment_changed(self, status: EnvironmentStatus) -> None:
        self.publish(EventKind.ENVIRONMENT_CHANGED, status.id, status.course_id, status.owner_id)

    def environment_ending(self, status: EnvironmentStatus) -> None:
        self.publish(EventKind.ENVIRONMENT_ENDING, status.id, status.course_id, status.owner_id)

    def build_changed(self, status: BuildStatus) -> None:
        self.publish(EventKind.BUILD_CHANGED, status.id, None, status.author_id)

    def receive(self, payload: str) -> None:
        """Publish a change that a transaction of some replica announced."""
        if payload:
            change = ChangeEvent.model_validate_json(payload)
            self.publish(change.kind, change.subject_id, change.course_id, change.owner_id)


async def announce(
    db: AsyncSession,
    kind: EventKind,
    subject_id: UUID,
    course_id: UUID | None,
    owner_id: UUID | None,
) -> None:
    """Send a change to the streams of every replica when this transaction commits."""
    change = ChangeEvent(
        id=0, kind=kind, subject_id=subject_id, course_id=course_id, owner_id=owner_id
    )
    await notify(db, CHANNEL, change.model_dump_json())
