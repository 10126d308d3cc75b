"""Members by the platform's list, and scores on their way to it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_rosters"
down_revision = "2026_11_23_disabling"
branch_labels = None
depends_on = None

SCHEMA = "api"


def moment(name: str, *, optional: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)


def of(table: str, column: str, *, key: bool = False) -> "sa.Column[object]":
    target = sa.ForeignKey(f"{SCHEMA}.{table}.id", ondelete="CASCADE")
    return sa.Column(column, sa.Uuid, target, primary_key=key, nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("enrolments", sa.Column("subject", sa.String, nullable=True), schema=SCHEMA)
    op.add_column("enrolments", moment("listed_at", optional=True), schema=SCHEMA)
    op.execute(
        "UPDATE api.enrolments SET subject = users.subject FROM api.users"
        " WHERE users.id = enrolments.user_id"
    )
    create_rosters()
    create_scores()


def create_rosters() -> None:
    op.create_table(
        "rosters",
        of("contexts", "context_id", key=True),
        moment("tried_at", optional=True),
        moment("fetched_at", optional=True),
        sa.Column("state", sa.String(20), nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "roster_entries",
        of("contexts", "context_id", key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("name", sa.String, nullable=True),
        sa.Column("email", sa.String, nullable=True),
        schema=SCHEMA,
    )


def create_scores() -> None:
    op.create_table(
        "sent_scores",
        sa.Column("id", sa.Uuid, primary_key=True),
        of("courses", "course_id"),
        of("users", "user_id"),
        of("resource_links", "resource_link_id"),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("given", sa.Float, nullable=True),
        sa.Column("comment", sa.String, nullable=True),
        sa.Column("sent_by", sa.Uuid, nullable=False),
        moment("sent_at"),
        sa.Column("heard", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String, nullable=True),
        moment("looked_at"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_sent_scores_course_id_user_id_sent_at",
        "sent_scores",
        ["course_id", "user_id", "sent_at"],
        schema=SCHEMA,
    )
    op.create_index(
        "ix_sent_scores_queued",
        "sent_scores",
        ["looked_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'queued'"),
    )


def downgrade() -> None:
    for table in ("sent_scores", "roster_entries", "rosters"):
        op.drop_table(table, schema=SCHEMA)
    for column in ("listed_at", "subject"):
        op.drop_column("enrolments", column, schema=SCHEMA)
