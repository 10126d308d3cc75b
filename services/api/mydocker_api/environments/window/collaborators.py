"""What the student's window needs at hand."""

from dataclasses import dataclass

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.db import Sessions
from mydocker_kit.vault import Vault

from ...limits import Limits
from ...orchestration.delivery import Delivery
from ...orchestration.status_cache import LiveEnvironments
from ...settings import Settings


@dataclass(frozen=True)
class Desk:
    """Collaborators of everything a student does with an Environment."""

    sessions: Sessions
    orchestrator: OrchestratorClient
    live: LiveEnvironments
    delivery: Delivery
    vault: Vault
    settings: Settings
    limits: Limits
