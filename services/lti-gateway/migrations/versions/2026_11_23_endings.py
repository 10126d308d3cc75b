"""Ended web sessions get numbers that api follows; entries know the deployment they came by."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_endings"
down_revision = "2026_11_23_services"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(sa.schema.CreateSequence(sa.Sequence("web_session_ends", schema=SCHEMA)))
    for table in ("tickets", "web_sessions"):
        op.add_column(table, sa.Column("deployment_id", sa.Text, nullable=True), schema=SCHEMA)
    op.add_column(
        "web_sessions", sa.Column("end_number", sa.BigInteger, nullable=True), schema=SCHEMA
    )
    op.create_index("ix_web_sessions_end_number", "web_sessions", ["end_number"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_web_sessions_end_number", "web_sessions", schema=SCHEMA)
    op.drop_column("web_sessions", "end_number", schema=SCHEMA)
    for table in ("web_sessions", "tickets"):
        op.drop_column(table, "deployment_id", schema=SCHEMA)
    op.execute(sa.schema.DropSequence(sa.Sequence("web_session_ends", schema=SCHEMA)))
