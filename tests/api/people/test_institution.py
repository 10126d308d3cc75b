"""What the institution says of itself: written by operators, read on every screen."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.campus import Campus

from mydocker_kit.clock import utc_now

PATH = "/api/institution/settings"
LOGO = "data:image/png;base64,iVBORw0KGgo="


def announcement(starts: timedelta, ends: timedelta, **changes: Any) -> dict[str, Any]:
    now = utc_now()
    return {
        "text_en": "Closed on Friday",
        "text_fr": "Fermé vendredi",
        "starts_at": (now + starts).isoformat(),
        "ends_at": (now + ends).isoformat(),
        **changes,
    }


HOUR = timedelta(hours=1)


async def test_everybody_reads_what_an_operator_wrote_while_it_is_current(campus: Campus) -> None:
    operator = await campus.operator()
    ada = await campus.student(await campus.course(await campus.teacher()))
    empty = await ada.get("/api/institution")
    assert (empty["name"], empty["announcements"]) == ("", [])
    written = {
        "name": "École des Mines",
        "colour": "#123abc",
        "logo": LOGO,
        "help_url": "https://help.example.org/labs",
        "support_url": "mailto:support@example.org",
        "announcements": [
            announcement(-HOUR, HOUR),
            announcement(-HOUR, HOUR, important=True, text_en="Down tonight"),
            announcement(-2 * HOUR, -HOUR),
            announcement(HOUR, 2 * HOUR),
        ],
    }
    await operator.put(PATH, written)
    shown = await ada.get("/api/institution")
    assert [shown[key] for key in ("name", "colour", "logo")] == [
        "École des Mines",
        "#123abc",
        LOGO,
    ]
    assert [text["text_en"] for text in shown["announcements"]] == [
        "Down tonight",
        "Closed on Friday",
    ]
    assert len((await operator.get(PATH))["settings"]["announcements"]) == 4


async def test_only_operators_change_it_and_in_the_version_they_read(campus: Campus) -> None:
    operator, teacher = await campus.operator(), await campus.teacher()
    assert await teacher.refused("GET", PATH) == (403, "operators_only")
    assert await teacher.refused("PUT", PATH, {}) == (403, "operators_only")
    etag = (await operator.get(PATH))["etag"]
    await operator.put(PATH, {"name": "One"})
    answer = await operator.http.put(PATH, json={"name": "Two"}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (412, "edited_meanwhile")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"support_url": "javascript:alert(1)"}, "string_pattern_mismatch"),
        ({"help_url": 'https://x/"onload='}, "string_pattern_mismatch"),
        ({"logo": "data:image/svg+xml;base64,AAAA"}, "string_pattern_mismatch"),
        ({"colour": "red"}, "string_pattern_mismatch"),
        ({"announcements": [announcement(HOUR, -HOUR)]}, "ends_before_start"),
        ({"announcements": [announcement(-HOUR, HOUR, text_fr="")]}, "string_too_short"),
    ],
)
async def test_what_no_screen_could_show_is_refused(
    campus: Campus, settings: dict[str, Any], code: str
) -> None:
    operator = await campus.operator()
    answer = await operator.http.put(PATH, json=settings, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert [field["code"] for field in answer.json()["fields"]] == [code]
