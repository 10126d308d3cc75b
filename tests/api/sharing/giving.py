"""What tests of sharing do: give a right, list, and be a colleague of another course space."""

from typing import Any

from tests.api.campus import (
    REGISTRATION,
    Campus,
    Person,
)

from mydocker_kit.contracts.gateway.launches import (
    LaunchContext,
)

NETWORKS = LaunchContext(
    registration_id=REGISTRATION, deployment_id="1", context_id="8", title="Networks"
)


async def share(
    owner: Person, path: str, email: str, right: str = "view", **more: Any
) -> dict[str, Any]:
    """Give a right; the row of this address."""
    body = {"email": email, "right": right, **more}
    sharing = await owner.post(f"{path}/shares", body)
    [row] = [row for row in sharing["people"] if row["email"] == email.lower()]
    return dict(row)


async def titles(person: Person, path: str) -> list[str]:
    return [row["title"] for row in (await person.get(path))["items"]]


async def colleague(campus: Campus, subject: str = "linus", **launch: Any) -> Person:
    """A teacher of another course space of the same platform."""
    return await campus.teacher(subject, context=NETWORKS, **launch)
