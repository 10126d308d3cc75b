"""Desktops in the browser: what api tells the bridge about a user whom it let pass."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..orchestrator.environments import Address

PortNumber = Annotated[int, Field(ge=1, le=65535)]


class DesktopVisit(Contract):
    """Who may look at which desktop; it travels signed, from api over the edge to the bridge."""

    environment_id: UUID
    user_id: UUID
    web_session_id: UUID
    """The desktop closes when this web session ends."""
    port: PortNumber


class DesktopTarget(Contract):
    """Where the desktop is now, and what opens it."""

    attempt: int
    address: Address
    """Of the VNC port, as the control plane reaches it."""
    password: Annotated[str, Field(repr=False)]
    """The environment's generated one: a desktop that asks for it opens without asking anybody."""
