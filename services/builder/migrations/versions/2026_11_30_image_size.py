"""Size and layers of a published image."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_image_size"
down_revision = "2026_11_29_use_cache"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("builds", sa.Column("size_bytes", sa.BigInteger()), schema="builder")
    op.add_column("builds", sa.Column("layers", sa.Integer()), schema="builder")


def downgrade() -> None:
    op.drop_column("builds", "layers", schema="builder")
    op.drop_column("builds", "size_bytes", schema="builder")
