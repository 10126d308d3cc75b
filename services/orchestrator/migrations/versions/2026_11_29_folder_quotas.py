"""Work folders with a size: what they hold, and the driver that made each volume."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_folder_quotas"
down_revision = "2026_11_29_volume_nodes"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    folder = sa.Column("folder", postgresql.JSONB(none_as_null=True), nullable=True)
    op.add_column("environments", folder, schema=SCHEMA)
    driver = sa.Column("driver", sa.Text(), nullable=False, server_default="local")
    op.add_column("volume_nodes", driver, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("volume_nodes", "driver", schema=SCHEMA)
    op.drop_column("environments", "folder", schema=SCHEMA)
