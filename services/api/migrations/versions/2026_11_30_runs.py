"""When people used Courses."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_runs"
down_revision = "2026_11_30_submissions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "course_runs",
        sa.Column("environment_id", sa.Uuid(), primary_key=True),
        sa.Column("began_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "course_id",
            sa.Uuid(),
            sa.ForeignKey(
                "api.courses.id", ondelete="CASCADE", name="fk_course_runs_course_id_courses"
            ),
            nullable=False,
        ),
        sa.Column(
            "user_id",
            sa.Uuid(),
            sa.ForeignKey("api.users.id", ondelete="CASCADE", name="fk_course_runs_user_id_users"),
            nullable=False,
        ),
        schema="api",
    )
    columns = ["course_id", "began_at", "environment_id"]
    name = "ix_course_runs_course_id_began_at_environment_id"
    op.create_index(name, "course_runs", columns, schema="api")
    op.create_index("ix_course_runs_began_at", "course_runs", ["began_at"], schema="api")
    op.create_index("ix_course_runs_user_id", "course_runs", ["user_id"], schema="api")


def downgrade() -> None:
    op.drop_table("course_runs", schema="api")
