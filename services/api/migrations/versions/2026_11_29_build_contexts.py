"""Build contexts: their content in chunks, uploads, and the digests at Images and Builds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_build_contexts"
down_revision = "2026_11_29_capacity"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_contexts()
    _create_uploads()
    op.add_column("images", sa.Column("context_digest", sa.String()), schema="api")
    op.create_foreign_key(
        "fk_images_context_digest_build_contexts",
        "images",
        "build_contexts",
        ["context_digest"],
        ["digest"],
        source_schema="api",
        referent_schema="api",
    )
    op.create_index("ix_images_context_digest", "images", ["context_digest"], schema="api")
    op.add_column("builds", sa.Column("context_digest", sa.String()), schema="api")
    op.create_index("ix_builds_context_digest", "builds", ["context_digest"], schema="api")


def _create_contexts() -> None:
    op.create_table(
        "build_contexts",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("entries", JSONB(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_build_contexts"),
        schema="api",
    )
    op.create_table(
        "context_chunks",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("touched_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_context_chunks"),
        schema="api",
    )
    op.create_index("ix_context_chunks_touched_at", "context_chunks", ["touched_at"], schema="api")
    op.create_table(
        "context_chunk_uses",
        sa.Column("context_digest", sa.String(), nullable=False),
        sa.Column("chunk_digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_digest"],
            ["api.build_contexts.digest"],
            name="fk_context_chunk_uses_context_digest_build_contexts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chunk_digest"],
            ["api.context_chunks.digest"],
            name="fk_context_chunk_uses_chunk_digest_context_chunks",
        ),
        sa.PrimaryKeyConstraint("context_digest", "chunk_digest", name="pk_context_chunk_uses"),
        schema="api",
    )
    op.create_index(
        "ix_context_chunk_uses_chunk_digest", "context_chunk_uses", ["chunk_digest"], schema="api"
    )
    # Chunks are compressed already.
    op.execute("ALTER TABLE api.context_chunks ALTER COLUMN data SET STORAGE EXTERNAL")


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["api.users.id"], name="fk_uploads_owner_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        schema="api",
    )
    op.create_index("ix_uploads_owner_id", "uploads", ["owner_id"], schema="api")
    op.create_table(
        "upload_pieces",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["api.uploads.id"],
            name="fk_upload_pieces_upload_id_uploads",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "at", name="pk_upload_pieces"),
        schema="api",
    )
    op.execute("ALTER TABLE api.upload_pieces ALTER COLUMN data SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_column("builds", "context_digest", schema="api")
    op.drop_column("images", "context_digest", schema="api")
    for table in (
        "upload_pieces",
        "uploads",
        "context_chunk_uses",
        "context_chunks",
        "build_contexts",
    ):
        op.drop_table(table, schema="api")
