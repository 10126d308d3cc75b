"""Service accounts: users without an identity, for which an operator answers."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_service_accounts"
down_revision = "2026_11_29_idempotency_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", sa.Column("service_owner_id", sa.Uuid(), nullable=True), schema="api")
    op.add_column(
        "users",
        sa.Column("may_prepare_since", sa.DateTime(timezone=True), nullable=True),
        schema="api",
    )
    op.create_foreign_key(
        "fk_users_service_owner_id_users",
        "users",
        "users",
        ["service_owner_id"],
        ["id"],
        source_schema="api",
        referent_schema="api",
    )
    op.create_index("ix_users_service_owner_id", "users", ["service_owner_id"], schema="api")


def downgrade() -> None:
    op.drop_column("users", "may_prepare_since", schema="api")
    op.drop_column("users", "service_owner_id", schema="api")
