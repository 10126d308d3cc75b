"""Build contexts: replaced by an archive, changed file by file, read, and handed to the builder.

Data flow: an upload is unpacked in a child process (`unpacking`), which checks every name and
size; chunks of content go into PostgreSQL as they come, under their digest. Only then a context is
stored and the Image points to it. A context never changes: every act makes another one that shares
its chunks, so a Build that records a digest can be repeated. Whatever nothing points to any more is
collected later (`retention`).

Every change names the version that it was made for (`If-Match`): what somebody else sent meanwhile
is neither replaced nor removed unseen. A refused upload stays, and may be sent again.

It survives a crash because an act ends with one transaction; a chunk without a context is garbage.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.build_contexts import ContextEntry, EntryKind
from mydocker_kit.contracts.builder.dockerignore import FILE_NAME, IgnoreRules
from mydocker_kit.errors import NotFound
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.policy import Person
from ..images.queries import owner_name
from ..metrics import CONTEXT_REFUSALS
from ..models import BuildContext, Image
from ..rights.images import editable_image, usable_image
from ..unpacking.process import Unpacker
from ..unpacking.refusal import ArchiveRefused, Refusal
from ..unpacking.tree import Tree, checked_path
from ..uploads import service as uploads
from . import content, queries
from .problems import problem_of
from .schemas import Context, PutFile
from .views import NONE, etag_of_files, view_of

log = get_logger()
_MOST_IGNORE_BYTES = 1024 * 1024
Change = Callable[[dict[str, ContextEntry]], Iterable[ContextEntry]]
"""Makes the new entries from the present ones by path."""


@dataclass(frozen=True)
class Store:
    """What acts on contexts need."""

    sessions: Sessions
    unpacker: Unpacker


async def show(sessions: Sessions, person: Person, image_id: UUID) -> Context:
    """All files of one of the person's Images."""
    context = await _context_of(sessions, person, image_id)
    return await _view(sessions, context)


async def replace(
    store: Store,
    person: Person,
    image_id: UUID,
    upload_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> Context:
    """Put an archive's content in the place of all files."""
    entries = await _unpack(store, person, image_id, upload_id, if_match, now)
    return await _put(store, person, image_id, lambda _: entries, if_match, now, upload_id)


async def put_file(
    store: Store, person: Person, image_id: UUID, body: PutFile, if_match: IfMatch, now: datetime
) -> Context:
    """Add a file, or replace the one of this path."""
    [*_, new] = await _unpack(store, person, image_id, body.upload_id, if_match, now, body.path)

    def changed(known: dict[str, ContextEntry]) -> Iterable[ContextEntry]:
        old = known.pop(new.path, None)
        executable = body.executable
        if executable is None:
            executable = old is not None and old.executable
        return [*known.values(), new.model_copy(update={"executable": executable})]

    return await _put(store, person, image_id, changed, if_match, now, body.upload_id)


async def remove(
    store: Store, person: Person, image_id: UUID, path: str, if_match: IfMatch, now: datetime
) -> Context:
    """Remove a file, or a folder with everything in it."""

    def changed(known: dict[str, ContextEntry]) -> Iterable[ContextEntry]:
        if path not in known:
            raise NotFound(f"file {path}")
        inside = f"{path}/"
        return [
            entry for name, entry in known.items() if name != path and not name.startswith(inside)
        ]

    return await _put(store, person, image_id, changed, if_match, now)


async def clear(
    store: Store, person: Person, image_id: UUID, if_match: IfMatch, now: datetime
) -> Context:
    """Remove all files."""
    return await _put(store, person, image_id, lambda _: (), if_match, now)


async def file(
    sessions: Sessions, person: Person, image_id: UUID, path: str
) -> tuple[ContextEntry, AsyncIterator[bytes]]:
    """One file and its content."""
    context = await _context_of(sessions, person, image_id)
    for entry in context.entries if context else ():
        if entry.path == path and entry.kind is EntryKind.FILE:
            return entry, content.file_content(sessions, entry)
    raise NotFound(f"file {path}")


async def archive(sessions: Sessions, person: Person, image_id: UUID) -> AsyncIterator[bytes]:
    """All files as a compressed tar archive."""
    context = await _context_of(sessions, person, image_id)
    return content.gzipped(content.tar_stream(sessions, context.entries if context else ()))


async def archive_of(sessions: Sessions, digest: str) -> AsyncIterator[bytes]:
    """A context as a tar archive, for the builder."""
    async with transaction(sessions) as db:
        context = await db.get(BuildContext, digest)
    if context is None:
        raise NotFound(f"context {digest}")
    return content.tar_stream(sessions, context.entries)


async def ignore_rules(sessions: Sessions, context: BuildContext | None) -> IgnoreRules:
    """The rules of its `.dockerignore`; without one, nothing is left out."""
    for entry in context.entries if context else ():
        if entry.path == FILE_NAME and entry.size <= _MOST_IGNORE_BYTES:
            parts = [part async for part in content.file_content(sessions, entry)]
            return IgnoreRules.parse(b"".join(parts).decode("utf-8", "replace"))
    return IgnoreRules.parse("")


async def context_of(
    sessions: Sessions, person: Person, image_id: UUID
) -> tuple[BuildContext | None, IgnoreRules]:
    """The files of an Image, and which of them builds do not get."""
    context = await _context_of(sessions, person, image_id)
    return context, await ignore_rules(sessions, context)


async def give_files(
    db: AsyncSession,
    unpacker: Unpacker,
    image: Image,
    entries: Iterable[ContextEntry],
    now: datetime,
) -> None:
    """Give a new Image files whose content is stored; refused when a limit is broken."""
    checked = _checked(unpacker, entries)
    if checked:
        context = context_from(checked, now)
        await queries.store_context(
            db, context, (chunk for entry in checked for chunk in entry.chunks)
        )
        image.context_digest = context.digest


async def _unpack(
    store: Store,
    person: Person,
    image_id: UUID,
    upload_id: UUID,
    if_match: IfMatch,
    now: datetime,
    name: str | None = None,
) -> list[ContextEntry]:
    async with transaction(store.sessions) as db:
        image, _ = await editable_image(db, person, image_id)
        await _check_version(db, image, if_match)  # before the work; `_put` checks for good
        upload = await uploads.complete(db, person, upload_id)

    async def read(at: int, length: int) -> bytes:
        return await uploads.read(store.sessions, upload_id, at, length)

    async def keep(chunks: Mapping[str, bytes]) -> None:
        async with transaction(store.sessions) as db:
            await queries.store_chunks(db, chunks, now)

    try:
        if name is not None and not checked_path(name):
            raise ArchiveRefused(Refusal.NAME_UNUSABLE, name)
        unpacked = await store.unpacker.unpack(upload.length, read, keep, name)
    except ArchiveRefused as refused:
        CONTEXT_REFUSALS.labels(refused.refusal.value).inc()
        log.info("context.refused", image=image_id, code=refused.refusal.value)
        async with transaction(store.sessions) as db:
            await uploads.discard(db, person, upload_id)
        raise problem_of(refused) from refused
    log.info(
        "context.unpacked",
        image=image_id,
        packed=upload.length,
        entries=len(unpacked.entries),
        peak_bytes=unpacked.peak_bytes,
    )
    return [ContextEntry.model_validate(entry) for entry in unpacked.entries]


async def _put(
    store: Store,
    person: Person,
    image_id: UUID,
    change: Change,
    if_match: IfMatch,
    now: datetime,
    upload_id: UUID | None = None,
) -> Context:
    """Apply the change to the files in the version that it names, with the Image locked."""
    async with transaction(store.sessions) as db:
        image, _ = await editable_image(db, person, image_id, lock=True)
        await _check_version(db, image, if_match)
        before = await _stored(db, image)
        known = {entry.path: entry for entry in before.entries} if before else {}
        entries = _checked(store.unpacker, change(known))
        context = context_from(entries, now) if entries else None
        if context:
            chunks = (chunk for entry in entries for chunk in entry.chunks)
            await queries.store_context(db, context, chunks)
        image.context_digest = context.digest if context else None
        image.updated_at, image.updated_by = now, person.id
        if upload_id:
            await uploads.discard(db, person, upload_id)
    log.info("context.changed", image=image_id, digest=image.context_digest)
    return await _view(store.sessions, context)


async def _check_version(db: AsyncSession, image: Image, if_match: IfMatch) -> None:
    changed_by = await owner_name(db, image.updated_by) if image.updated_by else None
    if_match.check(
        etag_of_files(image.context_digest), changed_at=image.updated_at, changed_by=changed_by
    )


def _checked(unpacker: Unpacker, entries: Iterable[ContextEntry]) -> list[ContextEntry]:
    """The entries sorted, with folders that only paths name; refused when a limit is broken."""
    tree, known = Tree(unpacker.limits.entries), {entry.path: entry for entry in entries}
    try:
        for entry in known.values():
            tree.add(entry.path, entry.kind.value)
        if sum(entry.size for entry in known.values()) > unpacker.limits.unpacked_bytes:
            raise ArchiveRefused(Refusal.TOO_LARGE)
    except ArchiveRefused as refused:
        raise problem_of(refused) from refused
    for path in tree.kinds:
        known.setdefault(path, ContextEntry(path=path, kind=EntryKind.FOLDER))
    return [known[path] for path in sorted(known)]


def context_from(entries: list[ContextEntry], now: datetime) -> BuildContext:
    """The context of these entries, sorted by path."""
    files = [entry for entry in entries if entry.kind is EntryKind.FILE]
    identity = [
        [entry.path, entry.kind.value, entry.executable, entry.digest, entry.target]
        for entry in entries
    ]
    return BuildContext(
        digest=hashlib.sha256(json.dumps(identity).encode()).hexdigest(),
        entries=tuple(entries),
        files=len(files),
        size=sum(entry.size for entry in files),
        created_at=now,
    )


async def _context_of(sessions: Sessions, person: Person, image_id: UUID) -> BuildContext | None:
    async with transaction(sessions) as db:
        image, _ = await usable_image(db, person, image_id)
        return await _stored(db, image)


async def _stored(db: AsyncSession, image: Image) -> BuildContext | None:
    return await db.get(BuildContext, image.context_digest) if image.context_digest else None


async def _view(sessions: Sessions, context: BuildContext | None) -> Context:
    return view_of(context, await ignore_rules(sessions, context)) if context else NONE
