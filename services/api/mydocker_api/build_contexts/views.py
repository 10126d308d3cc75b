"""The files of a context as the browser sees them."""

import posixpath
from collections import Counter
from collections.abc import Sequence

from mydocker_kit.contracts.builder.build_contexts import ContextEntry, EntryKind
from mydocker_kit.contracts.builder.dockerignore import IgnoreRules

from ..models import BuildContext
from .schemas import Context, ContextFile


def etag_of_files(digest: str | None) -> str:
    """The strong entity tag of a context; None: there are no files."""
    return f'"{(digest or "none")[:32]}"'


NONE = Context(etag=etag_of_files(None), digest=None, files=0, size=0, created_at=None, entries=[])


def view_of(context: BuildContext, rules: IgnoreRules) -> Context:
    """All entries with the sizes of folders and what `.dockerignore` leaves out."""
    sizes = _folder_sizes(context.entries)
    return Context(
        etag=etag_of_files(context.digest),
        digest=context.digest,
        files=context.files,
        size=context.size,
        created_at=context.created_at,
        entries=[
            ContextFile(
                path=entry.path,
                kind=entry.kind,
                executable=entry.executable,
                size=sizes[entry.path] if entry.kind is EntryKind.FOLDER else entry.size,
                target=entry.target,
                ignored=rules.leaves_out(entry.path),
            )
            for entry in sorted(context.entries, key=lambda entry: entry.path.split("/"))
        ],
    )


def _folder_sizes(entries: Sequence[ContextEntry]) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for entry in entries:
        folder = posixpath.dirname(entry.path)
        while folder:
            sizes[folder] += entry.size
            folder = posixpath.dirname(folder)
    return sizes
