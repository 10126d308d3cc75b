"""One login name leads to one environment; people's public keys."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_ssh"
down_revision = "2026_11_23_rosters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # The few that were given the same name by chance get a tail; the oldest keeps it as it is.
    op.execute(
        """
        UPDATE api.environments SET username = left(username, 27) || '_' || left(md5(id::text), 4)
        WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY username ORDER BY asked_at, id) AS place
                FROM api.environments
            ) AS namesakes WHERE place > 1
        )
        """
    )
    op.create_unique_constraint(
        "uq_environments_username", "environments", ["username"], schema="api"
    )
    op.create_table(
        "ssh_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name="fk_ssh_keys_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ssh_keys"),
        sa.UniqueConstraint("user_id", "fingerprint", name="uq_ssh_keys_user_id_fingerprint"),
        schema="api",
    )


def downgrade() -> None:
    op.drop_table("ssh_keys", schema="api")
    op.drop_constraint("uq_environments_username", "environments", schema="api")
