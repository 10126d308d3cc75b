"""Packages of published images."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_packages"
down_revision = "2026_11_30_image_size"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "inventories",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("distribution", sa.String(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"],
            ["builder.builds.id"],
            name="fk_inventories_build_id_builds",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", name="pk_inventories"),
        schema="builder",
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_id"],
            ["builder.builds.id"],
            name="fk_packages_build_id_builds",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_packages"),
        schema="builder",
    )
    for columns in (["build_id", "name"], ["name", "version"], ["source", "version"]):
        name = f"ix_packages_{'_'.join(columns)}"
        op.create_index(name, "packages", columns, schema="builder")


def downgrade() -> None:
    op.drop_table("packages", schema="builder")
    op.drop_table("inventories", schema="builder")
