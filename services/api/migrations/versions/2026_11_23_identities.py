"""Several identities of one person, proved by themselves; accounts that were joined."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_identities"
down_revision = "2026_11_23_leases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["api.users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("user_id", "issuer"),
        schema="api",
    )
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("web_session_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["api.users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="api",
    )
    op.create_index(None, "account_links", ["expires_at"], schema="api")
    moment = sa.Column("signed_out_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("users", moment, schema="api")
    op.add_column("users", sa.Column("joined_to_id", sa.Uuid(), nullable=True), schema="api")
    op.create_foreign_key(
        None,
        *("users", "users", ["joined_to_id"], ["id"]),
        source_schema="api",
        referent_schema="api",
    )
    op.create_index(None, "users", ["joined_to_id"], schema="api")
    op.add_column("enrolments", sa.Column("issuer", sa.String(), nullable=True), schema="api")
    op.add_column("environments", sa.Column("work_of_id", sa.Uuid(), nullable=True), schema="api")
    op.execute(
        "INSERT INTO api.identities (id, user_id, issuer, subject, linked_at, seen_at)"
        " SELECT gen_random_uuid(), id, issuer, subject, created_at, seen_at FROM api.users"
    )
    # Until now everybody had one identity: every role came by it.
    op.execute(
        "UPDATE api.enrolments SET issuer = users.issuer FROM api.users"
        " WHERE users.id = enrolments.user_id"
    )


def downgrade() -> None:
    op.drop_column("environments", "work_of_id", schema="api")
    op.drop_column("enrolments", "issuer", schema="api")
    op.drop_column("users", "joined_to_id", schema="api")
    op.drop_column("users", "signed_out_at", schema="api")
    op.drop_table("account_links", schema="api")
    op.drop_table("identities", schema="api")
