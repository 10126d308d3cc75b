"""A person's public keys, as the page shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


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

    public_key: str = Field(min_length=1, max_length=16_384)
    title: str = Field(default="", max_length=80)
