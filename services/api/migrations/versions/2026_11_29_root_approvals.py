"""Approvals of builds that run as root, and which pools demand one.

Courses that run such a build already stop starting where users are not remapped. Each of their
builds gets a request, so that operators find all of them in one list after the upgrade.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_root_approvals"
down_revision = "2026_11_29_api_tokens"
branch_labels = None
depends_on = None

_REQUESTS = """
INSERT INTO api.root_approvals
    (build_id, digest, state, findings, asked_by_id, asked_at, comment, reason, revoke_reason)
SELECT DISTINCT ON (builds.id)
    builds.id, split_part(courses.image_reference, '@', 2), 'asked', '[]'::jsonb,
    courses.owner_id, now(), '', '', ''
FROM api.courses JOIN api.builds ON builds.id = courses.build_id
WHERE courses.profile = 'compat' AND courses.image_reference LIKE '%@sha256:%'
ORDER BY builds.id, courses.created_at
"""


def _person(name: str) -> sa.ForeignKeyConstraint:
    constraint = f"fk_root_approvals_{name}_users"
    return sa.ForeignKeyConstraint([name], ["api.users.id"], name=constraint)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "pools",
        sa.Column(
            "root_needs_approval", sa.Boolean(), nullable=False, server_default=sa.text("false")
        ),
        schema="api",
    )
    op.create_table(
        "root_approvals",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revoked_by_id", sa.Uuid()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoke_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"],
            ["api.builds.id"],
            name="fk_root_approvals_build_id_builds",
            ondelete="CASCADE",
        ),
        *(_person(name) for name in ("asked_by_id", "decided_by_id", "revoked_by_id")),
        sa.PrimaryKeyConstraint("build_id", name="pk_root_approvals"),
        schema="api",
    )
    op.create_index("ix_root_approvals_digest", "root_approvals", ["digest"], schema="api")
    op.create_index(
        "ix_root_approvals_state_asked_at", "root_approvals", ["state", "asked_at"], schema="api"
    )
    op.execute(_REQUESTS)


def downgrade() -> None:
    op.drop_table("root_approvals", schema="api")
    op.drop_column("pools", "root_needs_approval", schema="api")
