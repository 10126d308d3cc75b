"""The nodes that hold volumes: filled from where each environment ran last.

The orchestrator then lists the volumes of each machine once (`capacity.volume_scan`), which gives
ids to these names and finds the volumes of environments whose rows name no node.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_volume_nodes"
down_revision = "2026_11_29_root_access"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"
_LAST_RAN = """
INSERT INTO orchestrator.volume_nodes (name, node, recorded_at)
SELECT DISTINCT ON (volume->>'name') volume->>'name', ran.node, ran.since
FROM orchestrator.environments AS ran,
     jsonb_array_elements(coalesce(ran.spec->'volumes', '[]'::jsonb)) AS volume
WHERE ran.node IS NOT NULL AND ran.running_at IS NOT NULL
ORDER BY volume->>'name', ran.running_at DESC
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "volume_nodes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=True),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_volume_nodes"),
        schema=SCHEMA,
    )
    op.create_table(
        "volume_scans",
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("scanned_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("node_id", name="pk_volume_scans"),
        schema=SCHEMA,
    )
    op.execute(_LAST_RAN)


def downgrade() -> None:
    op.drop_table("volume_scans", schema=SCHEMA)
    op.drop_table("volume_nodes", schema=SCHEMA)
