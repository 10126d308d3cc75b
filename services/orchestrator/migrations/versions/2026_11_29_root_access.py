"""What runs as root goes on: environments begun before approvals existed count as approved.

Otherwise reading their settings back would end them. Their next start needs an approval, or a node
that remaps users.
"""

from alembic import op

revision = "2026_11_29_root_access"
down_revision = "2026_11_28_instants"
branch_labels = None
depends_on = None

_ENVIRONMENTS = """
UPDATE orchestrator.environments
SET spec = spec || jsonb_build_object('root_approved_for', split_part(spec->>'image', '@', 2))
WHERE spec->>'profile' = 'compat' AND phase NOT IN ('stopped', 'failed')
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_ENVIRONMENTS)


def downgrade() -> None:
    pass
