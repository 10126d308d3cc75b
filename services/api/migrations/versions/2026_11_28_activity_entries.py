"""By which LMS activity somebody entered a Course: its column takes their scores."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_activity_entries"
down_revision = "2026_11_28_placements"
branch_labels = None
depends_on = None

SCHEMA = "api"


def of(table: str, column: str, *, key: bool = False) -> "sa.Column[object]":
    target = sa.ForeignKey(f"{SCHEMA}.{table}.id", ondelete="CASCADE")
    return sa.Column(column, sa.Uuid, target, primary_key=key, nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "activity_entries",
        of("resource_links", "resource_link_id", key=True),
        of("users", "user_id", key=True),
        of("courses", "course_id"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        schema=SCHEMA,
    )
    for column in ("user_id", "course_id"):
        name = f"ix_activity_entries_{column}"
        op.create_index(name, "activity_entries", [column], schema=SCHEMA)
    fill()


def fill() -> None:
    """What is known of before: the launches of the last day, and who had joined.

    Of somebody who joined, nothing says by which activity. Those that stood in their course
    spaces when they joined are candidates, and the teacher is asked; a copy made later is none,
    and where every activity is newer than the joining, the oldest one counts.
    """
    op.execute(
        """
        INSERT INTO api.activity_entries (resource_link_id, user_id, course_id, entered_at)
        SELECT links.id, launches.user_id, links.course_id, max(launches.received_at)
        FROM api.launches
        JOIN api.resource_links links
          ON links.id::text = launches.arrival #>> '{landing,resource_link_id}'
         AND links.course_id::text = launches.arrival #>> '{landing,course_id}'
        WHERE launches.arrival #>> '{landing,kind}' = 'window'
        GROUP BY links.id, launches.user_id, links.course_id
        """
    )
    op.execute(
        """
        INSERT INTO api.activity_entries (resource_link_id, user_id, course_id, entered_at)
        SELECT links.id, held.user_id, links.course_id, held.joined_at
        FROM api.memberships held
        JOIN api.resource_links links ON links.course_id = held.course_id
        JOIN api.enrolments
          ON enrolments.context_id = links.context_id AND enrolments.user_id = held.user_id
        WHERE NOT EXISTS (
            SELECT 1 FROM api.activity_entries known
            WHERE known.user_id = held.user_id AND known.course_id = held.course_id
        )
        AND (
            links.created_at <= held.joined_at
            OR links.created_at = (
                SELECT min(others.created_at)
                FROM api.resource_links others
                JOIN api.enrolments role
                  ON role.context_id = others.context_id AND role.user_id = held.user_id
                WHERE others.course_id = held.course_id
            )
        )
        ON CONFLICT DO NOTHING
        """
    )


def downgrade() -> None:
    op.drop_table("activity_entries", schema=SCHEMA)
