"""Courses that run an image of another registry instead of a Build."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_external_images"
down_revision = "2026_11_30_erasure_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("courses", sa.Column("external_image", sa.String(), nullable=True), schema="api")


def downgrade() -> None:
    op.drop_column("courses", "external_image", schema="api")
