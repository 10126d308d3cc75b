"""A person's public keys, as the page shows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.values import Text


class SshKey(BaseModel):
    """A key I open my environments with."""

    id: UUID
    title: str
    algorithm: str
    fingerprint: str
    created_at: datetime
    used_at: datetime | None


class SshKeyDraft(BaseModel):
    """A key to add: the one line of `id_ed25519.pub`."""

    public_key: Annotated[str, Text(min_length=1, max_length=16_384, lines=True)]
    title: Annotated[str, Text(max_length=80, visible=True)] = ""
