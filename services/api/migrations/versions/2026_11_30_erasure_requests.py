"""Requests of people to erase what is stored about them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_erasure_requests"
down_revision = "2026_11_30_extra_time"
branch_labels = None
depends_on = None

SCHEMA = "api"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "erasure_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name="fk_erasure_requests_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_requests"),
        schema=SCHEMA,
    )
    for columns in (["state", "asked_at"], ["user_id", "asked_at"]):
        name = f"ix_erasure_requests_{'_'.join(columns)}"
        op.create_index(name, "erasure_requests", columns, schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("erasure_requests", schema=SCHEMA)
