"""`mydocker keys list|rotate|retire`: our own signing keys, told by a command.

Rotation is with overlap: the new key is published a day before it signs, the old one a day after.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.cli import load
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.signing_keys import KeyPurpose, KeyState, OwnKey
from mydocker_kit.db import open_engine, open_sessions, transaction
from mydocker_kit.errors import ProblemError
from mydocker_kit.logging import configure_logging
from mydocker_kit.vault import Vault

from ..keys import rotation as own_keys
from ..keys.signing import SigningKeys
from ..platforms.audit import COMMAND
from ..settings import SERVICE, GatewaySettings

Work = Callable[[argparse.Namespace, AsyncSession, SigningKeys], Awaitable[None]]
_WORDS = {
    KeyState.NEXT: "published, signs from {signs_from}",
    KeyState.SIGNING: "signs since {signs_from}",
    KeyState.LEAVING: "signs no more, published until {published_until}",
    KeyState.OVER: "over since {published_until}",
    KeyState.RETIRED: "retired {retired_at}",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked, then show all keys; 1 with one sentence when it cannot be done."""
    asked = _parser().parse_args(arguments)
    settings = load(GatewaySettings)
    configure_logging(SERVICE, settings.log_level, sys.stderr)
    try:
        keys = asyncio.run(_run(settings, asked))
    except ProblemError as error:
        print(f"{error.title}. {error.detail}".strip(), file=sys.stderr)  # noqa: T201
        return 1
    for key in keys:
        print(key.model_dump_json() if asked.json else _line(key))  # noqa: T201
    return 0


async def _run(settings: GatewaySettings, asked: argparse.Namespace) -> list[OwnKey]:
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)
    keys = SigningKeys(sessions, Vault(settings.vault_keys))
    work: Work = asked.work
    try:
        await keys.make_first(utc_now())
        async with transaction(sessions) as db:
            await work(asked, db, keys)
        async with transaction(sessions) as db:
            return await own_keys.listed(db, utc_now())
    finally:
        await engine.dispose()


async def _list(_: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    """Nothing to do before."""


async def _rotate(asked: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    for purpose in KeyPurpose:
        if asked.purpose in (None, purpose):
            await own_keys.rotate(db, keys, purpose, utc_now(), at_once=asked.now, actor=COMMAND)


async def _retire(asked: argparse.Namespace, db: AsyncSession, keys: SigningKeys) -> None:
    await own_keys.retire(db, keys, asked.kid, utc_now(), actor=COMMAND)


def _line(key: OwnKey) -> str:
    said = json.loads(key.model_dump_json())
    times = {name: str(value)[:16] for name, value in said.items()}
    return f"{key.purpose:<10} {key.kid}  {_WORDS[key.state].format(**times)} (UTC)"


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
