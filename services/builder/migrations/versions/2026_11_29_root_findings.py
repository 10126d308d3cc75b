"""Why a published image runs as root, as its build found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_root_findings"
down_revision = "2026_11_23_builds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("builds", sa.Column("root_findings", JSONB()), schema="builder")


def downgrade() -> None:
    op.drop_column("builds", "root_findings", schema="builder")
