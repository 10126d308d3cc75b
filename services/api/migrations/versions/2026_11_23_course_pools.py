"""The pool and the GPUs a Course chose, and what was last heard of each pool."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_course_pools"
down_revision = "2026_11_23_identities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("courses", sa.Column("pool", sa.String()), schema="api")
    op.add_column("courses", sa.Column("gpu", sa.Integer()), schema="api")
    op.create_table(
        "pools",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pool", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pools"),
        schema="api",
    )


def downgrade() -> None:
    op.drop_table("pools", schema="api")
    for name in ("pool", "gpu"):
        op.drop_column("courses", name, schema="api")
