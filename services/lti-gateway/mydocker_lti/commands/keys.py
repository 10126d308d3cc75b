"""`mydocker keys list|rotate|retire`: manages our signing keys from the command line.

Rotation has an overlap: a new key is published a day before it signs, an old key a day after.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.signing_keys import KeyPurpose, KeyState, OwnKey
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import configure_logging
from mydocker_kit.postgres.db import open_engine, open_sessions, transaction
from mydocker_kit.runtime.cli import load
from mydocker_kit.vault import Vault

from ..keys import rotation as own_keys
from ..keys.signing import SigningKeys
from ..platforms.audit import COMMAND
from ..settings import SERVICE, GatewaySettings

Command = Callable[[argparse.Namespace, AsyncSession, SigningKeys], Awaitable[None]]
_STATES = {
    KeyState.NEXT: "published, signs from {signs_from}",
    KeyState.SIGNING: "signs since {signs_from}",
    KeyState.LEAVING: "signs no more, published until {published_until}",
    KeyState.OVER: "over since {published_until}",
    KeyState.RETIRED: "retired {retired_at}",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and print all keys; returns 0, or 1 after printing the error."""
    options = _parser().parse_args(arguments)
    settings = load(GatewaySettings)
    configure_logging(SERVICE, settings.log_level, sys.stderr)
    try:
        keys = asyncio.run(_run(settings, options))
    except ProblemError as error:
        print(f"{error.title}. {error.detail}".strip(), file=sys.stderr)  # noqa: T201
        return 1
    for key in keys:
        print(key.model_dump_json() if options.json else _text(key))  # noqa: T201
    return 0


async def _run(settings: GatewaySettings, options: argparse.Namespace) -> list[OwnKey]:
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)
    keys = SigningKeys(sessions, Vault(settings.vault_keys))
    work: Command = options.work
    try:
        await keys.create_first_keys(utc_now())
        async with transaction(sessions) as db:
            await work(options, db, keys)
        async with transaction(sessions) as db:
            return await own_keys.list_keys(db, utc_now())
    finally:
        await engine.dispose()


async def _list(_: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    """`main` prints the keys after any command."""


async def _rotate(options: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    for purpose in KeyPurpose:
        if options.purpose in (None, purpose):
            await own_keys.rotate(db, keys, purpose, utc_now(), at_once=options.now, actor=COMMAND)


async def _retire(options: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    await own_keys.retire(db, keys, options.kid, utc_now(), actor=COMMAND)


def _text(key: OwnKey) -> str:
    fields = json.loads(key.model_dump_json())
    times = {name: str(value)[:16] for name, value in fields.items()}
    return f"{key.purpose:<10} {key.kid}  {_STATES[key.state].format(**times)} (UTC)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mydocker keys", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("list", help="show our keys").set_defaults(work=_list)
    rotate = commands.add_parser("rotate", help="a new key; it signs a day later")
    rotate.set_defaults(work=_rotate)
    rotate.add_argument("--purpose", type=KeyPurpose, help="platforms or access; both without it")
    rotate.add_argument("--now", action="store_true", help="it signs within a minute")
    retire = commands.add_parser("retire", help="publish a key no more")
    retire.set_defaults(work=_retire)
    retire.add_argument("kid")
    return parser
