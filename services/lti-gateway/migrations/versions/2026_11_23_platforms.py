"""Platforms that wait for approval, invitations, and a journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_platforms"
down_revision = "2026_11_23_browser_proofs"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def moment(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def text(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text, nullable=optional)


def registration(*, on_delete: str, optional: bool = False) -> "sa.Column[object]":
    key = sa.ForeignKey(f"{SCHEMA}.registrations.id", ondelete=on_delete)
    return sa.Column("registration_id", sa.Uuid, key, nullable=optional)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    source = sa.Column("source", sa.Text, nullable=False, server_default="manual")
    op.add_column("registrations", source, schema=SCHEMA)
    op.add_column("registrations", text("product", optional=True), schema=SCHEMA)
    op.add_column("registrations", moment("approved_at", optional=True), schema=SCHEMA)
    # Those that are there were entered by an operator.
    op.execute(f"UPDATE {SCHEMA}.registrations SET approved_at = created_at")  # noqa: S608
    op.create_index(
        "ix_web_sessions_registration_id", "web_sessions", ["registration_id"], schema=SCHEMA
    )
    create_invitations()
    create_events()


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid, primary_key=True),
        text("secret"),
        text("label"),
        text("made_by"),
        moment("created_at"),
        moment("expires_at"),
        moment("held_until", optional=True),
        moment("used_at", optional=True),
        moment("withdrawn_at", optional=True),
        registration(on_delete="SET NULL", optional=True),
        sa.UniqueConstraint("secret"),
        schema=SCHEMA,
    )
    op.create_index("ix_invitations_created_at", "invitations", ["created_at"], schema=SCHEMA)


def create_events() -> None:
    op.create_table(
        "platform_events",
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        registration(on_delete="CASCADE"),
        text("kind"),
        text("actor"),
        sa.Column("facts", JSONB, nullable=False),
        moment("happened_at"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_platform_events_registration_id", "platform_events", ["registration_id"], schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_table("platform_events", schema=SCHEMA)
    op.drop_table("invitations", schema=SCHEMA)
    op.drop_index("ix_web_sessions_registration_id", "web_sessions", schema=SCHEMA)
    for column in ("approved_at", "product", "source"):
        op.drop_column("registrations", column, schema=SCHEMA)
