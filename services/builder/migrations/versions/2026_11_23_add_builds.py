"""Builds and their logs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_builds"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("changes", schema="builder")))
    op.create_table(
        "builds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("repository", sa.String(), nullable=False),
        sa.Column("dockerfile", sa.String(), nullable=False),
        sa.Column("wrapper", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("steps", sa.Integer()),
        sa.Column("instruction", sa.String()),
        sa.Column("failure", sa.String()),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("tag", sa.String()),
        sa.Column("reference", sa.String()),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("log_lines", sa.Integer(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.Uuid()),
        sa.Column("lease_ends_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_builds"),
        sa.UniqueConstraint("image_id", "number", name="uq_builds_image_id_number"),
        schema="builder",
    )
    op.create_index("ix_builds_change", "builds", ["change"], schema="builder")
    op.create_index(
        "ix_builds_open",
        "builds",
        ["queued_at"],
        schema="builder",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_builds_author_id_started_at", "builds", ["author_id", "started_at"], schema="builder"
    )
    op.create_table(
        "log_chunks",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"],
            ["builder.builds.id"],
            name="fk_log_chunks_build_id_builds",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", "first", name="pk_log_chunks"),
        schema="builder",
    )


def downgrade() -> None:
    op.drop_table("log_chunks", schema="builder")
    op.drop_table("builds", schema="builder")
    op.execute("DROP SEQUENCE builder.changes")
