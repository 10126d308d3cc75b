"""Web sessions know their browser: whoever enters there next ends all those of somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_browsers"
down_revision = "2026_11_28_link_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Of sessions that live already nothing tells which share a browser: each has its own.
    apart = sa.text("gen_random_uuid()")
    browser = sa.Column("browser", sa.Uuid, nullable=False, server_default=apart)
    op.add_column("web_sessions", browser, schema="lti")
    op.create_index("ix_web_sessions_browser", "web_sessions", ["browser"], schema="lti")


def downgrade() -> None:
    op.drop_index("ix_web_sessions_browser", "web_sessions", schema="lti")
    op.drop_column("web_sessions", "browser", schema="lti")
