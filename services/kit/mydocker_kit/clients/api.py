"""What people may do."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.launches import Arrival, CourseItem, Launch
from ..http import ServiceClient

AUDIENCE = "mydocker-api"
_ITEMS = TypeAdapter(list[CourseItem])


class ApiClient:
    """Calls to api; every one may be repeated."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def put_launch(self, launch: Launch) -> Arrival:
        """Hand over one verified launch; the same id twice gives the same answer."""
        response = await self._service.call(
            "PUT", f"/internal/launches/{launch.id}", json=launch.model_dump(mode="json")
        )
        return Arrival.model_validate_json(response.content)

    async def course_items(self, user_id: UUID, course_ids: Sequence[UUID]) -> list[CourseItem]:
        """What a deep link says about these Courses; 403 when the person may not publish one."""
        body = {"user_id": str(user_id), "course_ids": [str(id) for id in course_ids]}
        response = await self._service.call("POST", "/internal/course-items", json=body)
        return _ITEMS.validate_json(response.content)

    async def aclose(self) -> None:
        await self._service.aclose()
