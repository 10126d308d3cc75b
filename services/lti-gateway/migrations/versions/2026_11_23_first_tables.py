"""First tables: platforms, logins on their way, tickets, web sessions, our keys, refusals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_first_tables"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "lti"


def moment(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def registration() -> "sa.Column[object]":
    key = sa.ForeignKey(f"{SCHEMA}.registrations.id", ondelete="CASCADE")
    return sa.Column("registration_id", sa.Uuid, key, nullable=False)


def text(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text, nullable=optional)


def upgrade() -> None:
    create_platforms()
    create_logins()
    create_web_sessions()
    create_rest()


def create_platforms() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid, primary_key=True),
        text("name"),
        text("issuer"),
        text("client_id"),
        text("authorization_url"),
        text("token_url"),
        text("jwks_url"),
        sa.Column("origins", JSONB, nullable=False),
        sa.Column("allow_http", sa.Boolean, nullable=False),
        moment("created_at"),
        moment("disabled_at", optional=True),
        sa.UniqueConstraint("issuer", "client_id"),
        schema=SCHEMA,
    )
    op.create_table(
        "deployments",
        registration(),
        text("deployment_id"),
        moment("created_at"),
        moment("disabled_at", optional=True),
        sa.PrimaryKeyConstraint("registration_id", "deployment_id"),
        schema=SCHEMA,
    )


def create_logins() -> None:
    op.create_table(
        "login_states",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("state", sa.Text, nullable=False, unique=True),
        text("nonce"),
        text("browser"),
        registration(),
        text("target_link_uri"),
        text("login_hint"),
        text("message_hint", optional=True),
        moment("created_at"),
        moment("expires_at"),
        moment("spent_at", optional=True),
        schema=SCHEMA,
    )
    op.create_index(None, "login_states", ["expires_at"], schema=SCHEMA)
    op.create_table(
        "tickets",
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("launch_id", sa.Uuid, nullable=False, unique=True),
        registration(),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("landing", JSONB, nullable=False),
        text("locale", optional=True),
        text("browser"),
        text("cookie"),
        moment("expires_at"),
        moment("used_at", optional=True),
        schema=SCHEMA,
    )
    op.create_index(None, "tickets", ["expires_at"], schema=SCHEMA)


def create_web_sessions() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("user_id", sa.Uuid, nullable=False),
        registration(),
        sa.Column("landing", JSONB, nullable=False),
        text("locale", optional=True),
        moment("started_at"),
        moment("used_at"),
        moment("ended_at", optional=True),
        text("end_reason", optional=True),
        schema=SCHEMA,
    )
    op.create_index(None, "web_sessions", ["user_id"], schema=SCHEMA)
    op.create_index(None, "web_sessions", ["started_at"], schema=SCHEMA)
    key = sa.ForeignKey(f"{SCHEMA}.web_sessions.id", ondelete="CASCADE")
    op.create_table(
        "refresh_tokens",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("web_session_id", sa.Uuid, key, nullable=False),
        moment("issued_at"),
        moment("spent_at", optional=True),
        schema=SCHEMA,
    )
    op.create_index(None, "refresh_tokens", ["web_session_id"], schema=SCHEMA)


def create_rest() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text, primary_key=True),
        text("purpose"),
        text("private_key"),
        sa.Column("public_key", JSONB, nullable=False),
        moment("created_at"),
        moment("active_from"),
        schema=SCHEMA,
    )
    op.create_table(
        "content_requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        registration(),
        text("deployment_id"),
        sa.Column("user_id", sa.Uuid, nullable=False),
        text("return_url"),
        text("data", optional=True),
        sa.Column("accepts_multiple", sa.Boolean, nullable=False),
        sa.Column("accepts_line_item", sa.Boolean, nullable=False),
        text("locale", optional=True),
        moment("created_at"),
        moment("answered_at", optional=True),
        schema=SCHEMA,
    )
    op.create_index(None, "content_requests", ["created_at"], schema=SCHEMA)
    op.create_table(
        "refusals",
        sa.Column("reference", sa.Text, primary_key=True),
        text("reason"),
        sa.Column("registration_id", sa.Uuid, nullable=True),
        sa.Column("facts", JSONB, nullable=False),
        moment("refused_at"),
        schema=SCHEMA,
    )
    op.create_index(None, "refusals", ["refused_at"], schema=SCHEMA)
