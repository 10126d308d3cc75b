"""What was seen of platforms' keys, and own keys that operators retire."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_keys"
down_revision = "2026_11_23_platforms"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    retired = sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("signing_keys", retired, schema=SCHEMA)
    key = sa.ForeignKey(f"{SCHEMA}.registrations.id", ondelete="CASCADE")
    op.create_table(
        "platform_key_sets",
        sa.Column("registration_id", sa.Uuid, key, primary_key=True),
        sa.Column("kids", JSONB, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.Text, nullable=True),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("platform_key_sets", schema=SCHEMA)
    op.drop_column("signing_keys", "retired_at", schema=SCHEMA)
