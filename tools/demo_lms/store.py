"""Persistent state: activities, grades and tools in a JSON file, and the signing key."""

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
    """A registered tool; all of them have the addresses of the same tool."""

    client_id: str
    deployment_id: str
    name: str
    active: bool = False
    """Pending until the administrator activates it, as in Moodle."""


@dataclass
class Activity:
    """An activity: a resource link of a tool."""

    id: int
    title: str
    text: str
    url: str
    custom: dict[str, str]
    client_id: str = CLIENT_ID
    """Client id of its tool."""


@dataclass
class Score:
    """The last score that a tool sent for a person."""

    timestamp: str
    given: float | None
    comment: str = ""


@dataclass
class LineItem:
    """A line item: a column of the gradebook."""

    id: int
    label: str
    maximum: float
    activity_id: int | None
    resource_id: str = ""
    tag: str = ""
    scores: dict[str, Score] = field(default_factory=dict)


class Store:
    """The state of the LMS; used by a single process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "lms.json"
        self.key = _key(folder / "lms-key.pem")
        state = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        self.activities = [Activity(**row) for row in state.get("activities", [])]
        self.line_items = [_line_item(row) for row in state.get("line_items", [])]
        added = [Tool(**row) for row in state.get("tools", [])]
        self.tools = [Tool(CLIENT_ID, DEPLOYMENT_ID, "MyDocker", active=True), *added]
        """The first tool is preconfigured."""
        self.removed_people: set[str] = set(state.get("removed_people", []))
        """Ids of people who are no longer enrolled in the course."""
        self._last_id = int(state.get("last_id", 0))

    def save(self) -> None:
        """Write atomically: to a new file that replaces the old one."""
        state = {
            "activities": [asdict(row) for row in self.activities],
            "line_items": [asdict(row) for row in self.line_items],
            "tools": [asdict(row) for row in self.tools[1:]],
            "removed_people": sorted(self.removed_people),
            "last_id": self._last_id,
        }
        new_file = self._file.with_suffix(".new")
        new_file.write_text(json.dumps(state, ensure_ascii=False, indent=1), "utf-8")
        new_file.replace(self._file)

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def active_tools(self) -> list[Tool]:
        return [tool for tool in self.tools if tool.active]

    def tool(self, client_id: str | None) -> Tool | None:
        return next((tool for tool in self.tools if tool.client_id == client_id), None)

    def add_tool(self, client_id: str, name: str) -> Tool:
        """Add a registered tool; its number is its deployment id, as in Moodle."""
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
        """Remove a tool, except the first; its activities use the first tool then."""
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
        """Add the activity of a content item, with its line item if it has one."""
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

    def enrol(self, person_id: str) -> None:
        self.removed_people.discard(person_id)
        self.save()

    def unenrol(self, person_id: str) -> None:
        self.removed_people.add(person_id)
        self.save()

    def remove_activity(self, id: int) -> None:
        self.activities = [row for row in self.activities if row.id != id]
        self.line_items = [row for row in self.line_items if row.activity_id != id]
        self.save()


def _line_item(row: dict[str, Any]) -> LineItem:
    scores = {user: Score(**score) for user, score in row.pop("scores").items()}
    return LineItem(**row, scores=scores)


def _key(file: Path) -> RSAPrivateKey:
    """The platform's signing key, created at first use, readable by the owner only."""
    if not file.exists():
        new_key = generate_private_key(public_exponent=65537, key_size=2048)
        pem = new_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out:
            out.write(pem)
    key = load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{file} holds no RSA key")
    return key
