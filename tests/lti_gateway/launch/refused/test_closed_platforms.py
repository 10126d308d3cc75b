"""Pending and disabled platforms and deployments: the refusal page, inside their frame."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import update

from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Deployment, Registration
from mydocker_lti.platforms.acts import act, put_deployment

from ...conftest import Visit


def ancestors_of(answer: httpx.Response) -> list[str]:
    """Origins in `frame-ancestors` of the page."""
    policy = answer.headers["Content-Security-Policy"]
    [directive] = [part for part in policy.split("; ") if part.startswith("frame-ancestors ")]
    return directive.split()[1:]


async def registration_of(visit: Visit) -> Registration:
    await visit.launch()
    context = visit.last_launch().context
    assert context is not None
    async with transaction(visit.tool.app.state.sessions) as db:
        return await db.get_one(Registration, context.registration_id)


async def make_pending(visit: Visit) -> None:
    id = (await registration_of(visit)).id
    async with transaction(visit.tool.app.state.sessions) as db:
        await db.execute(update(Registration).where(Registration.id == id).values(approved_at=None))


async def disable(visit: Visit) -> None:
    id = (await registration_of(visit)).id
    async with transaction(visit.tool.app.state.sessions) as db:
        await act(db, id, PlatformAct.DISABLE, visit.tool.now, actor="command")


@pytest.mark.parametrize(
    ("close", "reason", "english", "french"),
    [
        (make_pending, "platform_pending", "Not approved yet", "Pas encore approuvé"),
        (
            disable,
            "platform_disabled",
            "Access from this course space is switched off",
            "L’accès depuis cet espace de cours est coupé",
        ),
    ],
)
async def test_a_closed_platform_shows_our_sentence_in_its_frame_and_nothing_to_press(
    visit: Visit, close: Callable[[Visit], Awaitable[None]], reason: str, english: str, french: str
) -> None:
    await close(visit)
    for language, title in (("en", english), ("fr", french)):
        headers = {"Accept-Language": language}
        data = visit.platform.login()
        answer = await visit.browser.post("/lti/login", data=data, headers=headers)
        assert answer.status_code == 403
        assert f"<h1>{title}</h1>" in answer.text
        assert visit.platform.issuer in ancestors_of(answer)
        for action in ("<form", "<button", "<a ", "<script"):
            assert action not in answer.text
    assert (await visit.tool.refusal(answer)).reason == reason
    # It may not frame pages of the application.
    framing = await visit.browser.get("/lti/framing")
    assert visit.platform.issuer not in ancestors_of(framing)


async def test_a_platform_closed_between_login_and_launch_says_so_too(visit: Visit) -> None:
    begun = await visit.begin()
    await disable(visit)
    claims = visit.platform.claims(begun.nonce, visit.tool.now)
    answer = await visit.post(begun, visit.platform.sign(claims))
    assert (await visit.tool.refusal(answer)).reason == "platform_disabled"
    assert visit.platform.issuer in ancestors_of(answer)


@pytest.mark.parametrize(
    ("never", "reason", "title"),
    [
        (True, "deployment_pending", "Not approved yet"),
        (False, "deployment_disabled", "switched off"),
    ],
)
async def test_a_closed_deployment_says_which(
    visit: Visit, never: bool, reason: str, title: str
) -> None:
    id = (await registration_of(visit)).id
    visit.tool.pass_time(seconds=1)
    sessions, now = visit.tool.app.state.sessions, visit.tool.now
    async with transaction(sessions) as db:
        await put_deployment(db, id, "1", now, enabled=False, actor="command")
        if never:
            changed = {"created_at": now, "disabled_at": now}
            query = update(Deployment).where(Deployment.registration_id == id)
            await db.execute(query.values(**changed))
    answer = await visit.launch()
    assert (await visit.tool.refusal(answer)).reason == reason
    assert title in answer.text
    assert visit.platform.issuer in ancestors_of(answer)
