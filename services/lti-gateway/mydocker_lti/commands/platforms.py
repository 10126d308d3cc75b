"""`mydocker platforms add|list|disable|invite|…`: manages platforms from the command line."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.invitations import (
    MOST_HOURS,
    InvitationDraft,
    InvitationSort,
    InvitationStatus,
)
from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.contracts.values import clean_line, is_visible
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import configure_logging
from mydocker_kit.paging import LARGEST_PAGE, Paging
from mydocker_kit.postgres.db import open_engine, open_sessions, transaction
from mydocker_kit.runtime.cli import load

from ..models import Registration
from ..platforms import invitations, queries
from ..platforms.acts import act
from ..platforms.audit import COMMAND
from ..platforms.service import Platform, register
from ..platforms.shared_issuers import IssuerShared, check_not_reserved
from ..settings import SERVICE, GatewaySettings
from ..sign_in.providers import load_providers

_SHARED = (
    "People are known by issuer and id: whoever holds the new keys can sign in as everybody whom "
    "the others brought. If that is meant, say --shares-people."
)
Command = Callable[[AsyncSession, GatewaySettings], Awaitable[list[dict[str, object]]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and print its result as JSON, a platform per line."""
    options = _parser().parse_args(arguments)
    settings = load(GatewaySettings)
    configure_logging(SERVICE, settings.log_level, sys.stderr)
    try:
        lines = asyncio.run(_run(settings, options.work(options)))
    except ProblemError as error:
        print(f"{error.title}: {error.detail}", file=sys.stderr)  # noqa: T201
        if isinstance(error, IssuerShared):
            print(_SHARED, file=sys.stderr)  # noqa: T201
        return 1
    for line in lines:
        print(json.dumps(line))  # noqa: T201
    return 0


async def _run(settings: GatewaySettings, work: Command) -> list[dict[str, object]]:
    engine = open_engine(settings, SERVICE)
    try:
        async with transaction(open_sessions(engine)) as db:
            return await work(db, settings)
    finally:
        await engine.dispose()


def _add(options: argparse.Namespace) -> Command:
    platform = Platform(
        name=options.name or options.issuer,
        issuer=options.issuer,
        client_id=options.client_id,
        authorization_url=options.authorization_url,
        token_url=options.token_url,
        jwks_url=options.jwks_url,
        deployment_ids=options.deployment,
        origins=options.origin,
        allow_http=options.allow_http,
        shares_people=options.shares_people,
    )

    async def work(db: AsyncSession, settings: GatewaySettings) -> list[dict[str, object]]:
        providers = load_providers(settings.sign_in_providers).values()
        check_not_reserved(platform.issuer, (provider.issuer for provider in providers))
        return [await _platform_record(db, await register(db, platform, utc_now()))]

    return work


def _list(_: argparse.Namespace) -> Command:
    async def work(db: AsyncSession, _: GatewaySettings) -> list[dict[str, object]]:
        return [await _platform_record(db, row) for row in await queries.all_registrations(db)]

    return work


def _disable(options: argparse.Namespace) -> Command:
    async def work(db: AsyncSession, _: GatewaySettings) -> list[dict[str, object]]:
        return [
            await _platform_record(
                db, await act(db, options.id, PlatformAct.DISABLE, utc_now(), actor=COMMAND)
            )
        ]

    return work


def _invite(options: argparse.Namespace) -> Command:
    draft = InvitationDraft(label=options.label, hours=options.hours)

    async def work(db: AsyncSession, settings: GatewaySettings) -> list[dict[str, object]]:
        made = await invitations.invite(db, draft, settings.app_origin, utc_now(), actor=COMMAND)
        return [{**_invitation_record(made.invitation), "url": made.url}]

    return work


def _invitations(_: argparse.Namespace) -> Command:
    async def work(db: AsyncSession, _: GatewaySettings) -> list[dict[str, object]]:
        newest = await invitations.page_of(
            db, Paging(page_size=LARGEST_PAGE), InvitationSort.NEWEST, utc_now()
        )
        return [_invitation_record(status) for status in newest.items]

    return work


def _withdraw(options: argparse.Namespace) -> Command:
    async def work(db: AsyncSession, _: GatewaySettings) -> list[dict[str, object]]:
        return [
            _invitation_record(await invitations.withdraw(db, options.id, utc_now(), actor=COMMAND))
        ]

    return work


def _invitation_record(status: InvitationStatus) -> dict[str, object]:
    record: dict[str, object] = status.model_dump(
        mode="json", include={"id", "label", "state", "expires_at", "platform_name"}
    )
    return record


async def _platform_record(db: AsyncSession, row: Registration) -> dict[str, object]:
    await db.flush()
    deployments = await queries.deployments(db, row.id)
    return {
        "id": str(row.id),
        "name": row.name,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "deployments": [
            deployment.deployment_id for deployment in deployments if deployment.disabled_at is None
        ],
        "origins": row.origins,
        "enabled": row.disabled_at is None,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mydocker_lti.platforms", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("add", help="register a platform, or change it")
    add.set_defaults(work=_add)
    for name in ("issuer", "client-id", "authorization-url", "token-url", "jwks-url"):
        add.add_argument(f"--{name}", required=True)
    add.add_argument("--name")
    add.add_argument("--deployment", action="append", required=True, help="may be repeated")
    add.add_argument("--origin", action="append", default=[], help="further origin of its pages")
    add.add_argument(
        "--shares-people",
        action="store_true",
        help="its keys may sign in everybody known by this issuer, whoever brought them",
    )
    add.add_argument("--allow-http", action="store_true", help="for a platform on this machine")
    commands.add_parser("list", help="show all platforms").set_defaults(work=_list)
    off = commands.add_parser("disable", help="refuse a platform from now on")
    off.set_defaults(work=_disable)
    off.add_argument("id", type=UUID)
    _add_invitations(commands)
    return parser


def _add_invitations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    invite = commands.add_parser("invite", help="an address with which one platform registers")
    invite.set_defaults(work=_invite)
    invite.add_argument("--label", required=True, type=_label, help="whom it is for")
    invite.add_argument("--hours", type=_hours, default=72, help="how long it may be used")
    newest = commands.add_parser("invitations", help="show the newest invitations")
    newest.set_defaults(work=_invitations)
    withdraw = commands.add_parser("withdraw", help="make an invitation worthless")
    withdraw.set_defaults(work=_withdraw)
    withdraw.add_argument("id", type=UUID)


def _label(text: str) -> str:
    if not is_visible(text) or len(text) > 120 or clean_line(text) != text:
        raise argparse.ArgumentTypeError("at most 120 printable characters")
    return text.strip()


def _hours(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_HOURS}")
    return int(text)
