"""Shares of Courses and Images with people of the same platform, and who edited them last."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_shares"
down_revision = "2026_11_29_build_contexts"
branch_labels = None
depends_on = None

_OF = {"course_id": "courses", "image_id": "images"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid()),
        sa.Column("image_id", sa.Uuid()),
        sa.Column("right", sa.String(20), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("shared_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(course_id, image_id) = 1", name="ck_shares_one_resource"),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"api.{table}.id"],
                name=f"fk_shares_{column}_{table}",
                ondelete="CASCADE",
            )
            for column, table in (*_OF.items(), ("user_id", "users"))
        ),
        sa.ForeignKeyConstraint(["shared_by"], ["api.users.id"], name="fk_shares_shared_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        schema="api",
    )
    for column in _OF:
        op.create_unique_constraint(
            f"uq_shares_{column}_user_id", "shares", [column, "user_id"], schema="api"
        )
        op.create_unique_constraint(
            f"uq_shares_{column}_issuer_email", "shares", [column, "issuer", "email"], schema="api"
        )
    for table in _OF.values():
        op.add_column(table, sa.Column("updated_by", sa.Uuid()), schema="api")
        op.create_foreign_key(
            f"fk_{table}_updated_by_users",
            table,
            "users",
            ["updated_by"],
            ["id"],
            source_schema="api",
            referent_schema="api",
            ondelete="SET NULL",
        )
    op.create_index("ix_shares_issuer_email", "shares", ["issuer", "email"], schema="api")
    op.create_index("ix_shares_user_id", "shares", ["user_id"], schema="api")


def downgrade() -> None:
    for table in _OF.values():
        op.drop_column(table, "updated_by", schema="api")
    op.drop_table("shares", schema="api")
