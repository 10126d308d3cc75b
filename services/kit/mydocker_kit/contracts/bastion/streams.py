"""Long-lived connections of a browser to an environment, which end with its web session."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..orchestrator.environments import Address


class StreamGrant(Contract):
    """Which stream the edge may open; signed by api, it travels over the edge to the bastion."""

    environment_id: UUID
    attempt: int
    web_session_id: UUID
    """The stream ends when this web session does."""
    address: Address
    """Of the port, as the control plane reaches it."""


class WebSessionQuery(Contract):
    """Web sessions with open streams."""

    web_session_ids: Annotated[tuple[UUID, ...], Field(max_length=5000)]
