"""Join links of Courses, and who joined by one."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_join_links"
down_revision = "2026_11_29_catalogue_images"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "join_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("max_people", sa.Integer()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name="fk_join_links_course_id_courses",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name="fk_join_links_created_by_users",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_join_links"),
        sa.UniqueConstraint("code", name="uq_join_links_code"),
        schema="api",
    )
    op.create_index("ix_join_links_course_id", "join_links", ["course_id"], schema="api")
    op.create_index(
        "uq_join_links_current",
        "join_links",
        ["course_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        schema="api",
    )
    op.create_table(
        "course_joins",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"api.{table}.id"],
                name=f"fk_course_joins_{column}_{table}",
                ondelete="CASCADE",
            )
            for column, table in (("course_id", "courses"), ("user_id", "users"))
        ),
        sa.PrimaryKeyConstraint("course_id", "user_id", name="pk_course_joins"),
        schema="api",
    )
    op.create_index("ix_course_joins_user_id", "course_joins", ["user_id"], schema="api")


def downgrade() -> None:
    op.drop_table("course_joins", schema="api")
    op.drop_table("join_links", schema="api")
