"""Ends outside the years 2000 to 2200: a spec that holds one is none any more."""

from alembic import op

revision = "2026_11_28_instants"
down_revision = "2026_11_23_direct_ports"
branch_labels = None
depends_on = None

_ENVIRONMENTS = """
UPDATE orchestrator.environments
SET ends_at = NULL, lease_ends_at = NULL,
    spec = spec || '{"ends_at": null, "lease_ends_at": null}'::jsonb
WHERE least(ends_at, lease_ends_at) < '2000-01-01 00:00Z'
OR greatest(ends_at, lease_ends_at) >= '2201-01-01 00:00Z'
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_ENVIRONMENTS)


def downgrade() -> None:
    pass
