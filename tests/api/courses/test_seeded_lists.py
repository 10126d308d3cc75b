"""`make seed`: a university's rows, in bulk, repeatable, read through the api."""

import httpx
from tests.api.campus import Campus
from tests.support.university.plant import new_api_token, plant, share_with_teachers

from mydocker_kit.clock import utc_now


async def test_a_database_is_filled_once_and_read_with_its_token(
    campus: Campus, database_url: str
) -> None:
    teacher = await campus.teacher()
    planted = await plant(database_url, utc_now())
    assert planted["courses"] == 1_000
    assert planted["course_sessions"] == 20_000
    assert planted["users"] == 4_050  # 50 of them service accounts
    assert set((await plant(database_url, utc_now())).values()) == {0}
    assert len(await share_with_teachers(database_url, utc_now())) == 1
    assert (await teacher.get("/api/courses"))["total"] == 1_000
    token = await new_api_token(database_url, utc_now())
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=teacher.http.base_url, headers=headers) as script:
        for path, total in (("/api/courses", 1_000), ("/api/sessions", 20_000)):
            answer = (await script.get(path)).raise_for_status()
            assert answer.json()["total"] == total
