"""Roster and grades: what platforms offer, fetched members, gradebook columns, queued scores."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_services"
down_revision = "2026_11_23_first_tables"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def moment(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def text(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text, nullable=optional)


def place() -> "list[sa.Column[object]]":
    key = sa.ForeignKey(f"{SCHEMA}.registrations.id", ondelete="CASCADE")
    registration = sa.Column("registration_id", sa.Uuid, key, nullable=False)
    return [registration, text("deployment_id"), text("context_id")]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_offers()
    create_line_items()
    create_scores()


def create_offers() -> None:
    op.create_table(
        "service_offers",
        *place(),
        text("resource_link_id"),
        text("roster_url", optional=True),
        text("line_items_url", optional=True),
        text("line_item_url", optional=True),
        sa.Column("scopes", JSONB, nullable=False),
        moment("seen_at"),
        sa.PrimaryKeyConstraint(
            "registration_id", "deployment_id", "context_id", "resource_link_id"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "rosters",
        *place(),
        sa.Column("members", JSONB, nullable=False),
        text("differences_url", optional=True),
        moment("fetched_at", optional=True),
        moment("failed_at", optional=True),
        text("failure", optional=True),
        sa.PrimaryKeyConstraint("registration_id", "deployment_id", "context_id"),
        schema=SCHEMA,
    )
    op.create_index(None, "rosters", ["fetched_at"], schema=SCHEMA)


def create_line_items() -> None:
    names = ["registration_id", "deployment_id", "context_id"]
    names += ["resource_link_id", "resource_id", "tag"]
    op.create_table(
        "line_items",
        sa.Column("id", sa.Uuid, primary_key=True),
        *place(),
        text("resource_link_id"),
        text("resource_id"),
        text("tag"),
        text("url", optional=True),
        text("gone_url", optional=True),
        moment("recreated_at", optional=True),
        sa.Column("lease", sa.Uuid, nullable=True),
        moment("leased_until", optional=True),
        sa.Column("tries", sa.Integer, nullable=False),
        moment("next_try_at"),
        text("failure", optional=True),
        sa.UniqueConstraint(*names, name="uq_line_items_place"),
        schema=SCHEMA,
    )
    op.create_index(None, "line_items", ["next_try_at"], schema=SCHEMA)


def create_scores() -> None:
    key = sa.ForeignKey(f"{SCHEMA}.line_items.id", ondelete="CASCADE")
    op.create_table(
        "scores",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("line_item_id", sa.Uuid, key, nullable=False),
        text("subject"),
        sa.Column("said", JSONB, nullable=False),
        moment("stamp"),
        text("state"),
        text("reason", optional=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        moment("queued_at"),
        moment("settled_at", optional=True),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_scores_queued",
        "scores",
        ["line_item_id", "number"],
        schema=SCHEMA,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_scores_person", "scores", ["line_item_id", "subject"], schema=SCHEMA)
    op.create_index(None, "scores", ["settled_at"], schema=SCHEMA)
