"""`mydocker admin create|link|list|remove`: who operates the platform, told by a command.

The first operator cannot be made by another one, and never by SQL: whoever may run a command where
the gateway runs holds its keys already. Each command ends with what was asked, for people to read;
with `--json`, for programs.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from mydocker_kit.cli import load
from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.sign_ins import OWN_ISSUER, NewOperator, Operator
from mydocker_kit.contracts.values import clean_line, is_visible
from mydocker_kit.db import Sessions, open_engine, open_sessions, transaction
from mydocker_kit.errors import NotFound, ProblemError

from ..api_client import api_client
from ..settings import SERVICE, GatewaySettings
from ..web_sessions import queries
from ..web_sessions.entry_links import new_link

_PAGE = 200
Line = dict[str, Any]


@dataclass(frozen=True)
class Hands:
    """What the commands work with."""

    api: ApiClient
    sessions: Sessions
    app_origin: str


Work = Callable[[argparse.Namespace, Hands], Awaitable[list[Line]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 0 when it is done, 1 with one sentence when it cannot be."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.work is _create and bool(asked.issuer) != bool(asked.subject):
        parser.error("--issuer and --subject go together")
    try:
        lines = asyncio.run(_run(load(GatewaySettings), asked))
    except ProblemError as error:
        print(f"{error.title}. {error.detail}".strip(), file=sys.stderr)  # noqa: T201
        return 1
    for line in lines:
        print(json.dumps(line) if asked.json else _words(line))  # noqa: T201
    return 0


async def _run(settings: GatewaySettings, asked: argparse.Namespace) -> list[Line]:
    engine = open_engine(settings, SERVICE)
    api = api_client(settings, utc_now)
    try:
        work: Work = asked.work
        return await work(asked, Hands(api, open_sessions(engine), settings.app_origin))
    finally:
        await api.aclose()
        await engine.dispose()


async def _create(asked: argparse.Namespace, hands: Hands) -> list[Line]:
    wanted = NewOperator(
        issuer=asked.issuer or OWN_ISSUER, subject=asked.subject or str(uuid4()), name=asked.name
    )
    operator = await hands.api.put_operator(wanted)
    return [await _with_link(operator, hands)]


async def _link(asked: argparse.Namespace, hands: Hands) -> list[Line]:
    return [await _with_link(await _meant(asked, hands), hands)]


async def _list(_: argparse.Namespace, hands: Hands) -> list[Line]:
    return [_line(operator) for operator in await _operators(hands)]


async def _remove(asked: argparse.Namespace, hands: Hands) -> list[Line]:
    operator = await _meant(asked, hands)
    await hands.api.remove_operator(operator.user_id)
    async with transaction(hands.sessions) as db:
        await queries.drop_entry_links(db, operator.user_id)
    return [{**_line(operator), "removed": True}]


async def _operators(hands: Hands) -> list[Operator]:
    """All of them; a platform has a handful."""
    found: list[Operator] = []
    number = 1
    while True:
        page = await hands.api.operators(page=number, page_size=_PAGE)
        found += page.items
        if len(found) >= page.total or not page.items:
            return found
        number += 1


async def _meant(asked: argparse.Namespace, hands: Hands) -> Operator:
    """The operator named by id, or the only one of this name."""
    found = [one for one in await _operators(hands) if asked.who in (str(one.user_id), one.name)]
    if len(found) == 1:
        return found[0]
    why = "Two have this name: give the id" if found else "No operator has this id or name"
    raise NotFound(f"{why}; `mydocker admin list` shows them.")


async def _with_link(operator: Operator, hands: Hands) -> Line:
    async with transaction(hands.sessions) as db:
        link = await new_link(db, operator.user_id, hands.app_origin, utc_now())
    return {**_line(operator), "link": link}


def _line(operator: Operator) -> Line:
    return {
        "id": str(operator.user_id),
        "name": operator.name,
        "issuer": operator.issuer,
        "subject": operator.subject,
        "since": operator.since.isoformat(timespec="seconds"),
    }


def _words(line: Line) -> str:
    said = f"{line['name']}  {line['id']}  since {line['since']}"
    if line["issuer"] != OWN_ISSUER:
        said += f"  signs in at {line['issuer']} as {line['subject']}"
    if "removed" in line:
        said += "\nNo operator any more."
    if "link" in line:
        said += f"\nOpen this within an hour; it works once:\n  {line['link']}"
    return said


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mydocker admin", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    commands = parser.add_subparsers(required=True)
    create = commands.add_parser("create", help="make an operator, and a link that lets them in")
    create.set_defaults(work=_create)
    create.add_argument("--name", required=True, type=_name)
    create.add_argument("--issuer", help="of the provider where this person signs in")
    create.add_argument("--subject", help="the person's id there")
    link = commands.add_parser("link", help="a fresh link; earlier ones are void")
    link.set_defaults(work=_link)
    remove = commands.add_parser("remove", help="take the right to operate away")
    remove.set_defaults(work=_remove)
    for command in (link, remove):
        command.add_argument("who", help="id or name")
    commands.add_parser("list", help="who operates").set_defaults(work=_list)
    return parser


def _name(text: str) -> str:
    if not is_visible(text) or len(text) > 200 or clean_line(text) != text:
        raise argparse.ArgumentTypeError("a name of at most 200 printable characters")
    return text.strip()
