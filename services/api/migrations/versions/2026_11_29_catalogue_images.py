"""The platform's own Images of the catalogue, and Images that are for all teachers."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_catalogue_images"
down_revision = "2026_11_29_room"
branch_labels = None
depends_on = None

_NAMES = (
    "catalogue_entry",
    "catalogue_version",
    "ready_build_id",
    "visibility",
    "visibility_asked_at",
    "visibility_comment",
    "visibility_decided_at",
    "visibility_decided_by",
    "visibility_reason",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("catalogue_entry", sa.String()),
        sa.Column("catalogue_version", sa.String()),
        sa.Column("ready_build_id", sa.Uuid()),
        sa.Column("visibility", sa.String(20), nullable=False, server_default="private"),
        sa.Column("visibility_asked_at", sa.DateTime(timezone=True)),
        sa.Column("visibility_comment", sa.String(), nullable=False, server_default=""),
        sa.Column("visibility_decided_at", sa.DateTime(timezone=True)),
        sa.Column("visibility_decided_by", sa.Uuid()),
        sa.Column("visibility_reason", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("images", column, schema="api")
    op.create_unique_constraint(
        "uq_images_catalogue_entry", "images", ["catalogue_entry"], schema="api"
    )
    op.create_foreign_key(
        "fk_images_visibility_decided_by_users",
        "images",
        "users",
        ["visibility_decided_by"],
        ["id"],
        source_schema="api",
        referent_schema="api",
        ondelete="SET NULL",
    )


def downgrade() -> None:
    for name in _NAMES:
        op.drop_column("images", name, schema="api")
