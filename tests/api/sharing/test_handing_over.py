"""A Course or an Image gets another owner, who may have that many and may teach."""

from typing import Any

import pytest
from tests.api.campus import (
    ISSUER,
    Campus,
    a_course,
    an_image,
)
from tests.api.sharing.giving import colleague, share


async def test_an_owner_hands_over_and_keeps_the_right_to_edit(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus)
    course = await campus.course(grace)
    image, _ = await campus.built_image(grace, title="Mine")
    for path in (f"/api/courses/{course}", f"/api/images/{image}"):
        waiting = await share(grace, path, "nobody@example.org")
        refused = await grace.refused("POST", f"{path}/shares/{waiting['share_id']}/owner")
        assert refused == (409, "share_not_arrived")
        row = await share(grace, path, "linus@example.org")
        sharing = await grace.post(f"{path}/shares/{row['share_id']}/owner")
        assert sharing["may_share"] is False
        assert (await linus.get(path))["relation"] == "owner"
        assert (await grace.get(path))["relation"] == "editor"
        people = (await linus.get(f"{path}/shares"))["people"]
        assert [(row["name"], row["right"]) for row in people if row["name"]] == [
            ("Linus", "edit"),
            ("Grace", "edit"),
        ]


class TestFullLists:
    @pytest.fixture
    def changes(self, changes: dict[str, Any]) -> dict[str, Any]:
        return {**changes, "courses_per_person": 2, "images_per_person": 2}

    async def test_nobody_is_handed_more_than_they_may_have(self, campus: Campus) -> None:
        grace, linus = await campus.teacher(), await colleague(campus)
        course = await campus.course(grace)
        image, _ = await campus.built_image(grace)
        for _ in range(2):
            await linus.post("/api/courses", a_course(status="draft"))
            await linus.post("/api/images", an_image())
        for path in (f"/api/courses/{course}", f"/api/images/{image}"):
            row = await share(grace, path, "linus@example.org")
            answer = await grace.http.post(f"{path}/shares/{row['share_id']}/owner")
            assert (answer.status_code, answer.json()["code"]) == (409, "new_owner_full")
            assert answer.json()["parameters"] == {"most": 2}
            assert (await grace.get(path))["relation"] == "owner"


async def test_only_teachers_become_owners(campus: Campus) -> None:
    grace = await campus.teacher()
    course = await campus.course(grace)
    await campus.launch("ada", course=course, email="ada@example.org", issuer=ISSUER)
    path = f"/api/courses/{course}"
    row = await share(grace, path, "ada@example.org", "test")
    refused = await grace.refused("POST", f"{path}/shares/{row['share_id']}/owner")
    assert refused == (409, "share_cannot_own")
