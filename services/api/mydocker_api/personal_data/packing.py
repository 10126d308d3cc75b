"""The export of a person's data: a zip of `data.json` and the list of their files."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.work_files import FileKind
from mydocker_kit.errors import NotFound, ProblemError
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..models import User
from ..retention.schemas import MyFolders
from . import queries
from .schemas import DataSection

_MOST_FILES = 5_000
_MOST_FOLDERS = 200
"""Folders of one work folder that are listed: each is a call to its machine."""


async def export(services: Services, user_id: UUID, folders: MyFolders, now: datetime) -> bytes:
    """The zip. Files themselves are downloaded folder by folder."""
    async with transaction(services.sessions) as db:
        user = await db.get(User, user_id)
        if user is None:
            raise NotFound(f"person {user_id}")
        data: dict[str, Any] = {
            "exported_at": now,
            "account": {
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "locale": user.locale,
                "created_at": user.created_at,
                "seen_at": user.seen_at,
            },
            "work_folders": [folder.model_dump(mode="json") for folder in folders.items],
        }
        ids = await queries.accounts_of(db, user_id)
        for section in DataSection:
            data[section.value] = await queries.rows(db, section, ids)
        volumes = await queries.volumes_of(db, ids)
    lines = []
    for title, volume in volumes:
        lines.append(f"# {title}")
        lines += [line async for line in _listed(services.clients.orchestrator, volume)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(data, default=str, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text)
        archive.writestr("files.txt", "\n".join(lines) + "\n")
    return packed.getvalue()


async def _listed(orchestrator: OrchestratorClient, volume: str) -> AsyncIterator[str]:
    """Size and path of each file; says where the list ends before the folder does."""
    waiting, files, asked = [""], 0, 0
    while waiting:
        if files >= _MOST_FILES or asked >= _MOST_FOLDERS:
            yield "… (there are more)"
            return
        path, asked = waiting.pop(), asked + 1
        try:
            listing = await orchestrator.files(volume, path)
        except ProblemError as error:
            yield f"(not readable now: {error.code})"
            continue
        for entry in listing.entries:
            below = f"{path}/{entry.name}" if path else entry.name
            if entry.kind is FileKind.FOLDER:
                waiting.append(below)
            else:
                files += 1
                yield f"{entry.bytes:>14} {entry.modified_at:%Y-%m-%d %H:%M} {below}"
