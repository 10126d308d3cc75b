"""Approval of registered platforms, and repeated registrations: DR-06 to DR-08."""

from sqlalchemy import select

from mydocker_kit.contracts.gateway.platforms import PlatformState
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Deployment, Invitation, PlatformEvent

from ..conftest import Visit
from .registering_platform import Admin, approve, new_invitation, reason_of, rows_of
from .registering_platform import admin as admin


async def test_dr_06_it_waits_until_an_operator_approves(admin: Admin) -> None:
    assert (await admin.register()).status_code == 200
    (row,) = await rows_of(admin)
    assert (row.state, row.source, row.name) == (
        PlatformState.PENDING,
        "invitation",
        "Lycée Ampère",
    )
    assert row.product == "moodle 2024100706"
    visit = Visit(admin.tool, admin.registering.platform, admin.browser)
    refused = await admin.browser.post("/lti/login", data=visit.platform.login())
    assert await reason_of(admin, refused) == "platform_pending"
    await approve(admin, row)
    assert (await visit.enter()).status_code == 200
    async with transaction(admin.tool.app.state.sessions) as db:
        invitation = await db.get_one(Invitation, admin.invitation.invitation.id)
        assert (invitation.used_at, invitation.registration_id) == (admin.tool.now, row.id)
        deployments = await db.scalars(
            select(Deployment).where(Deployment.registration_id == row.id)
        )
        assert [row.deployment_id for row in deployments] == ["1"]
        events = await db.scalars(
            select(PlatformEvent).where(PlatformEvent.registration_id == row.id)
        )
        assert next((event.kind, event.actor) for event in events) == ("added", "invitation")
    again = await admin.register()
    assert await reason_of(admin, again) == "invitation_used"


async def test_dr_06_without_a_deployment_the_page_says_what_is_missing(admin: Admin) -> None:
    admin.registering.deployment = False
    page = await admin.register()
    assert "named no deployment id" in page.text
    assert len(await rows_of(admin)) == 1


async def test_dr_07_the_last_page_says_what_to_do_and_tells_the_platform(admin: Admin) -> None:
    admin.browser.headers["Accept-Language"] = "fr-CH, en;q=0.5"
    page = await admin.register()
    assert 'lang="fr"' in page.text
    assert "Activer" in page.text
    assert "sélecteur d’activités" in page.text
    issuer = admin.registering.platform.issuer
    assert f'data-origin="{issuer}"' in page.text
    assert "org.imsglobal.lti.close" in page.text
    assert admin.registering.token not in page.text


async def test_dr_08_a_second_registration_is_another_tool_of_the_same_platform(
    admin: Admin,
) -> None:
    assert (await admin.register()).status_code == 200
    first = admin.registering.platform.client_id
    admin.registering.platform.client_id, admin.registering.spent = "second", False
    admin.invitation = await new_invitation(admin.tool)
    assert (await admin.register()).status_code == 200
    assert {row.client_id for row in await rows_of(admin)} == {first, "second"}


async def test_dr_08_an_update_keeps_the_platform_and_its_approval(admin: Admin) -> None:
    admin.registering.reusable = True
    assert (await admin.register()).status_code == 200
    (row,) = await rows_of(admin)
    await approve(admin, row)
    admin.invitation = await new_invitation(admin.tool)
    page = await admin.register()
    assert page.status_code == 200
    assert "approves" not in page.text
    (again,) = await rows_of(admin)
    assert (again.id, again.state) == (row.id, PlatformState.ACTIVE)
    # An invitation does not enable a deployment that no operator approved.
    admin.registering.platform.deployment_id = "other"
    admin.invitation = await new_invitation(admin.tool)
    assert (await admin.register()).status_code == 200
    async with transaction(admin.tool.app.state.sessions) as db:
        assert (await db.get_one(Deployment, (row.id, "other"))).disabled_at is not None


async def test_dr_08_what_was_approved_keeps_its_addresses(admin: Admin) -> None:
    admin.registering.reusable = True
    assert (await admin.register()).status_code == 200
    (row,) = await rows_of(admin)
    await approve(admin, row)
    admin.invitation = await new_invitation(admin.tool)
    admin.registering.changes = {"jwks_uri": f"{row.issuer}/tenant-2/keys"}
    answer = await admin.register()
    assert (answer.status_code, await reason_of(admin, answer)) == (409, "platform_changed")
    assert (await rows_of(admin))[0].jwks_url == row.jwks_url
