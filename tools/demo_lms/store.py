"""What survives a restart: activities, grades, the signing key. One file, replaced whole."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from .settings import CLIENT_ID, DEPLOYMENT_ID


@dataclass
class Tool:
    """A tool of this site as the LMS knows it; all of them live at the one tool's addresses."""

    client_id: str
    deployment_id: str
    name: str
    active: bool = False
    """Pending until the administrator activates it, as Moodle has it."""


@dataclass
class Activity:
    """One placed link."""

    id: int
    title: str
    text: str
    url: str
    custom: dict[str, str]
    client_id: str = CLIENT_ID
    """Of the tool it belongs to."""


@dataclass
class Score:
    """What the tool said last about one person."""

    timestamp: str
    given: float | None
    comment: str = ""


@dataclass
class LineItem:
    """One column of the gradebook."""

    id: int
    label: str
    maximum: float
    activity_id: int | None
    resource_id: str = ""
    tag: str = ""
    scores: dict[str, Score] = field(default_factory=dict)


class Store:
    """The LMS's state; one process owns it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "lms.json"
        self.key = _key(folder / "lms-key.pem")
        known = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        self.activities = [Activity(**row) for row in known.get("activities", [])]
        self.line_items = [_line_item(row) for row in known.get("line_items", [])]
        kept = [Tool(**row) for row in known.get("tools", [])]
        self.tools = [Tool(CLIENT_ID, DEPLOYMENT_ID, "MyDocker", active=True), *kept]
        """The first one was there from the beginning."""
        self._last_id = int(known.get("last_id", 0))

    def save(self) -> None:
        """Write beside and rename, so that a crash leaves the old state or the new one."""
        state = {
            "activities": [asdict(row) for row in self.activities],
            "line_items": [asdict(row) for row in self.line_items],
            "tools": [asdict(row) for row in self.tools[1:]],
            "last_id": self._last_id,
        }
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(state, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(self._file)

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def active_tools(self) -> list[Tool]:
        return [tool for tool in self.tools if tool.active]

    def tool(self, client_id: str | None) -> Tool | None:
        return next((tool for tool in self.tools if tool.client_id == client_id), None)

    def add_tool(self, client_id: str, name: str) -> Tool:
        """A registered tool; its row's number is its deployment, as in Moodle."""
        row = 1 + max(int(tool.deployment_id) for tool in self.tools)
        tool = Tool(client_id, str(row), name)
        self.tools.append(tool)
        self.save()
        return tool

    def activate_tool(self, client_id: str) -> None:
        for tool in self.tools:
            tool.active = tool.active or tool.client_id == client_id
        self.save()

    def remove_tool(self, client_id: str) -> None:
        """Never the first one; activities of the tool open with the first one again."""
        self.tools = [
            tool
            for tool in self.tools
            if tool.client_id == CLIENT_ID or tool.client_id != client_id
        ]
        self.save()

    def activity(self, id: int) -> Activity | None:
        return next((row for row in self.activities if row.id == id), None)

    def line_item(self, id: int) -> LineItem | None:
        return next((row for row in self.line_items if row.id == id), None)

    def column_of(self, activity_id: int) -> LineItem | None:
        return next((row for row in self.line_items if row.activity_id == activity_id), None)

    def add_activity(self, item: dict[str, Any], client_id: str = CLIENT_ID) -> Activity:
        """Place what deep linking brought, with its column if it wants one."""
        activity = Activity(
            id=self.new_id(),
            title=item["title"],
            text=item["text"],
            url=item["url"],
            custom=item["custom"],
            client_id=client_id,
        )
        self.activities.append(activity)
        if item.get("maximum"):
            column = LineItem(
                id=self.new_id(),
                label=activity.title,  # Moodle ignores the item's own label
                maximum=item["maximum"],
                activity_id=activity.id,
                resource_id=item.get("resource_id", ""),
                tag=item.get("tag", ""),
            )
            self.line_items.append(column)
        self.save()
        return activity

    def remove_activity(self, id: int) -> None:
        self.activities = [row for row in self.activities if row.id != id]
        self.line_items = [row for row in self.line_items if row.activity_id != id]
        self.save()


def _line_item(row: dict[str, Any]) -> LineItem:
    scores = {user: Score(**score) for user, score in row.pop("scores").items()}
    return LineItem(**row, scores=scores)


def _key(file: Path) -> RSAPrivateKey:
    """The platform's signing key, made once, readable by the owner only."""
    if not file.exists():
        made = generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out:
            out.write(pem)
    key = load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{file} holds no RSA key")
    return key
