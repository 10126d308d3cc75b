"""Build contexts: content in chunks by digest, the trees that use them, and uploads in progress."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.builder.build_contexts import ContextEntry

from ..base import Base, Json


class BuildContext(Base):
    """The files of an Image as one tree; equal trees are one row, and a row never changes."""

    __tablename__ = "build_contexts"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the sorted entries, hexadecimal."""
    entries: Mapped[tuple[ContextEntry, ...]] = mapped_column(Json(tuple[ContextEntry, ...]))
    files: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes of all files."""
    created_at: Mapped[datetime]


class ContextChunk(Base):
    """At most 1 MiB of some file; equal chunks of all files are one row."""

    __tablename__ = "context_chunks"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the content, hexadecimal."""
    data: Mapped[bytes] = mapped_column(deferred=True)
    """A byte that says whether zlib compressed it, then the content."""
    touched_at: Mapped[datetime] = mapped_column(index=True)
    """When somebody stored it last; an unused chunk is kept for a while after."""


class ContextChunkUse(Base):
    """A context has a file with this chunk."""

    __tablename__ = "context_chunk_uses"

    context_digest: Mapped[str] = mapped_column(
        ForeignKey(BuildContext.digest, ondelete="CASCADE"), primary_key=True
    )
    chunk_digest: Mapped[str] = mapped_column(
        ForeignKey(ContextChunk.digest), primary_key=True, index=True
    )


class Upload(Base):
    """A file that somebody sends in parts."""

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class UploadPiece(Base):
    """Bytes of an upload from the offset `at`."""

    __tablename__ = "upload_pieces"

    upload_id: Mapped[UUID] = mapped_column(
        ForeignKey(Upload.id, ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    data: Mapped[bytes]
