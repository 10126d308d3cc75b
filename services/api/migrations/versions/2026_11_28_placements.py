"""What created each placement; placements that other platforms took are undone.

Until now the Course id of any launch was believed. A placement that an owner made themselves, they
made on a platform that knows them: a deep link and a binding both begin with a launch of theirs. So
a placement stays where its Course's owner has an identity of an issuer that sends people to that
registration, or where nothing is known of its people. The others go, and with them the seats that
people had only by them, and what they run by such a seat.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_placements"
down_revision = "2026_11_23_course_pools"
branch_labels = None
depends_on = None

_FOREIGN = """
    CREATE TEMPORARY TABLE foreign_placements ON COMMIT DROP AS
    WITH known AS (
        SELECT DISTINCT contexts.registration_id, enrolments.issuer
        FROM api.contexts JOIN api.enrolments ON enrolments.context_id = contexts.id
        WHERE enrolments.issuer IS NOT NULL
    )
    SELECT resource_links.id, resource_links.course_id
    FROM api.resource_links
    JOIN api.contexts ON contexts.id = resource_links.context_id
    JOIN api.courses ON courses.id = resource_links.course_id
    WHERE EXISTS (SELECT FROM known WHERE known.registration_id = contexts.registration_id)
    AND NOT EXISTS (
        SELECT FROM known JOIN api.identities ON identities.issuer = known.issuer
        WHERE known.registration_id = contexts.registration_id
        AND identities.user_id = courses.owner_id
    )
"""
_SEATS = """
    CREATE TEMPORARY TABLE foreign_seats ON COMMIT DROP AS
    SELECT memberships.course_id, memberships.user_id
    FROM api.memberships JOIN api.courses ON courses.id = memberships.course_id
    WHERE memberships.course_id IN (SELECT course_id FROM foreign_placements)
    AND memberships.user_id <> courses.owner_id
    AND NOT EXISTS (
        SELECT FROM api.resource_links
        JOIN api.enrolments ON enrolments.context_id = resource_links.context_id
        WHERE resource_links.course_id = memberships.course_id
        AND enrolments.user_id = memberships.user_id
        AND enrolments.role IN ('teacher', 'assistant', 'student')
    )
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in (
        ("placement_origin", sa.String(20)),
        ("placed_at", sa.DateTime(timezone=True)),
        ("placed_by", sa.Uuid()),
    ):
        op.add_column("resource_links", sa.Column(name, kind, nullable=True), schema="api")
    op.execute(_FOREIGN)
    op.execute(
        "UPDATE api.resource_links SET course_id = NULL"
        " WHERE id IN (SELECT id FROM foreign_placements)"
    )
    op.execute(
        "UPDATE api.resource_links SET placement_origin = 'legacy', placed_at = created_at"
        " WHERE course_id IS NOT NULL"
    )
    op.execute(_SEATS)
    op.execute(
        "DELETE FROM api.memberships USING foreign_seats"
        " WHERE memberships.course_id = foreign_seats.course_id"
        " AND memberships.user_id = foreign_seats.user_id"
    )
    op.execute(
        "UPDATE api.environments SET wanted = 'stopped', stop_reason = 'access_lost',"
        " stop_words = '', revision = revision + 1 FROM foreign_seats"
        " WHERE environments.course_id = foreign_seats.course_id"
        " AND environments.user_id = foreign_seats.user_id AND environments.wanted = 'running'"
    )


def downgrade() -> None:
    for name in ("placed_by", "placed_at", "placement_origin"):
        op.drop_column("resource_links", name, schema="api")
