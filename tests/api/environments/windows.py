"""What a person sees in an environment's window, and waits for."""

from typing import Any
from uuid import UUID

from tests.api.campus import Campus, Person
from tests.support.waiting import until


async def window(person: Person, course: str) -> Any:
    shown: Any = await person.get(f"/api/courses/{course}/window")
    return shown


async def in_state(person: Person, course: str, state: str) -> Any:
    async def there() -> Any:
        shown = await window(person, course)
        return shown if shown["state"] == state else None

    shown: Any = await until(there)
    return shown


async def ready(campus: Campus, person: Person, course: str) -> UUID:
    """The person's environment, started and ready."""
    await person.post(f"/api/courses/{course}/environment/start")
    id = campus.environment(course, person)
    await campus.orchestrator.ready(id)
    await in_state(person, course, "ready")
    return id


async def is_so(value: bool) -> bool:
    """For what can be seen without asking anybody."""
    return value
