"""`mydocker admin create|link|list|remove`: manages operators from the command line.

The first operator is made by this command and not by SQL; whoever may run commands where the
gateway runs has its keys anyway. Commands print their result as text, with `--json` as JSON.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.sign_ins import OWN_ISSUER, NewOperator, Operator
from mydocker_kit.contracts.values import clean_line, is_visible
from mydocker_kit.errors import NotFound, ProblemError
from mydocker_kit.postgres.db import Sessions, open_engine, open_sessions, transaction
from mydocker_kit.runtime.cli import load

from ..api_client import api_client
from ..settings import SERVICE, GatewaySettings
from ..web_sessions import queries
from ..web_sessions.entry_links import new_link

_PAGE = 200
Record = dict[str, Any]


@dataclass(frozen=True)
class CommandContext:
    """Clients and settings that the commands use."""

    api: ApiClient
    sessions: Sessions
    app_origin: str


Command = Callable[[argparse.Namespace, CommandContext], Awaitable[list[Record]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, or 1 after printing the error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.work is _create and bool(options.issuer) != bool(options.subject):
        parser.error("--issuer and --subject go together")
    try:
        lines = asyncio.run(_run(load(GatewaySettings), options))
    except ProblemError as error:
        print(f"{error.title}. {error.detail}".strip(), file=sys.stderr)  # noqa: T201
        return 1
    for record in lines:
        print(json.dumps(record) if options.json else _text(record))  # noqa: T201
    return 0


async def _run(settings: GatewaySettings, options: argparse.Namespace) -> list[Record]:
    engine = open_engine(settings, SERVICE)
    api = api_client(settings, utc_now)
    try:
        work: Command = options.work
        return await work(options, CommandContext(api, open_sessions(engine), settings.app_origin))
    finally:
        await api.aclose()
        await engine.dispose()


async def _create(options: argparse.Namespace, context: CommandContext) -> list[Record]:
    new_operator = NewOperator(
        issuer=options.issuer or OWN_ISSUER,
        subject=options.subject or str(uuid4()),
        name=options.name,
    )
    operator = await context.api.put_operator(new_operator)
    return [await _with_link(operator, context)]


async def _link(options: argparse.Namespace, context: CommandContext) -> list[Record]:
    return [await _with_link(await _named_operator(options, context), context)]


async def _list(_: argparse.Namespace, context: CommandContext) -> list[Record]:
    return [_record(operator) for operator in await _operators(context)]


async def _remove(options: argparse.Namespace, context: CommandContext) -> list[Record]:
    operator = await _named_operator(options, context)
    await context.api.remove_operator(operator.user_id)
    async with transaction(context.sessions) as db:
        await queries.drop_entry_links(db, operator.user_id)
    return [{**_record(operator), "removed": True}]


async def _operators(context: CommandContext) -> list[Operator]:
    """All operators; an installation has a handful."""
    operators: list[Operator] = []
    number = 1
    while True:
        page = await context.api.operators(page=number, page_size=_PAGE)
        operators += page.items
        if len(operators) >= page.total or not page.items:
            return operators
        number += 1


async def _named_operator(options: argparse.Namespace, context: CommandContext) -> Operator:
    """The operator with this id, or the only one with this name."""
    matching = [
        operator
        for operator in await _operators(context)
        if options.who in (str(operator.user_id), operator.name)
    ]
    if len(matching) == 1:
        return matching[0]
    why = "Two have this name: give the id" if matching else "No operator has this id or name"
    raise NotFound(f"{why}; `mydocker admin list` shows them.")


async def _with_link(operator: Operator, context: CommandContext) -> Record:
    async with transaction(context.sessions) as db:
        link = await new_link(db, operator.user_id, context.app_origin, utc_now())
    return {**_record(operator), "link": link}


def _record(operator: Operator) -> Record:
    return {
        "id": str(operator.user_id),
        "name": operator.name,
        "issuer": operator.issuer,
        "subject": operator.subject,
        "since": operator.since.isoformat(timespec="seconds"),
    }


def _text(record: Record) -> str:
    text = f"{record['name']}  {record['id']}  since {record['since']}"
    if record["issuer"] != OWN_ISSUER:
        text += f"  signs in at {record['issuer']} as {record['subject']}"
    if "removed" in record:
        text += "\nNo operator any more."
    if "link" in record:
        text += f"\nOpen this within an hour; it works once:\n  {record['link']}"
    return text


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
