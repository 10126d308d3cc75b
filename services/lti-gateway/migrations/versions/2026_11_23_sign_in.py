"""Sign-in without an LMS: states, links and codes; sessions that no platform vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_sign_in"
down_revision = "2026_11_23_endings"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def moment(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def text(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text, nullable=optional)


def web_session(*, optional: bool = False) -> "sa.Column[object]":
    key = sa.ForeignKey(f"{SCHEMA}.web_sessions.id", ondelete="CASCADE")
    return sa.Column("web_session_id", sa.Uuid, key, nullable=optional)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("tickets", "web_sessions"):
        op.alter_column(table, "registration_id", nullable=True, schema=SCHEMA)
        op.add_column(table, text("provider", optional=True), schema=SCHEMA)
    op.create_table(
        "sign_in_states",
        sa.Column("id", sa.Uuid, primary_key=True),
        text("state"),
        text("nonce"),
        text("browser"),
        text("provider"),
        text("verifier", optional=True),
        text("path", optional=True),
        web_session(optional=True),
        moment("created_at"),
        moment("expires_at"),
        moment("spent_at", optional=True),
        sa.UniqueConstraint("state"),
        schema=SCHEMA,
    )
    op.create_table(
        "entry_links",
        sa.Column("secret", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False),
        moment("created_at"),
        moment("expires_at"),
        moment("used_at", optional=True),
        schema=SCHEMA,
    )
    op.create_table(
        "link_codes",
        sa.Column("code", sa.Text, primary_key=True),
        web_session(),
        moment("created_at"),
        moment("expires_at"),
        moment("used_at", optional=True),
        schema=SCHEMA,
    )
    for table in ("sign_in_states", "entry_links", "link_codes"):
        name = op.f(f"ix_{table}_expires_at")
        op.create_index(name, table, ["expires_at"], schema=SCHEMA)
    op.create_index(op.f("ix_entry_links_user_id"), "entry_links", ["user_id"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("link_codes", "entry_links", "sign_in_states"):
        op.drop_table(table, schema=SCHEMA)
    for table in ("tickets", "web_sessions"):
        op.execute(f"DELETE FROM {SCHEMA}.{table} WHERE registration_id IS NULL")  # noqa: S608
        op.alter_column(table, "registration_id", nullable=False, schema=SCHEMA)
        op.drop_column(table, "provider", schema=SCHEMA)
