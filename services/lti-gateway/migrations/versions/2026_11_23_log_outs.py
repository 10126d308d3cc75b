"""By what a provider names the session it ends: CAS its ticket, OpenID Connect `sid` or `sub`."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_log_outs"
down_revision = "2026_11_23_keys"
branch_labels = None
depends_on = None

SCHEMA = "lti"
NAMES = ("provider_session", "provider_subject")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("tickets", "web_sessions"):
        for name in NAMES:
            op.add_column(table, sa.Column(name, sa.Text, nullable=True), schema=SCHEMA)
    for name in NAMES:
        index = op.f(f"ix_web_sessions_{name}")
        op.create_index(index, "web_sessions", [name], schema=SCHEMA)


def downgrade() -> None:
    for table in ("web_sessions", "tickets"):
        for name in NAMES:
            op.drop_column(table, name, schema=SCHEMA)
