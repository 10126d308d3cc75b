"""The table of Environments and the numbers of their changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_environments"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("environment_versions", schema=SCHEMA)))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "environments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("spec", JSONB(), nullable=False),
        sa.Column("sealed_credentials", sa.Text(), nullable=False),
        sa.Column("ends_at", moment),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("step", sa.Text()),
        sa.Column("reason", JSONB()),
        sa.Column("node", sa.Text()),
        sa.Column("addresses", JSONB(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("running_at", moment),
        sa.Column("ready_at", moment),
        sa.Column("last_logs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_environments"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_environments_version", "environments", ["version"], unique=True, schema=SCHEMA
    )
    op.create_index("ix_environments_phase", "environments", ["phase"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("environments", schema=SCHEMA)
    op.execute(sa.schema.DropSequence(sa.Sequence("environment_versions", schema=SCHEMA)))
