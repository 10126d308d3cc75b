"""Our signing keys: encrypted in the database, rotated by adding a key that signs later."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.signing_keys import KeyPurpose as Purpose
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.vault import Vault

from ..domain.key_rotation import OVERLAP, published, signing
from ..models import SigningKey

__all__ = ["ALGORITHMS", "OVERLAP", "Purpose", "SigningKeys"]
RELOAD_INTERVAL = timedelta(seconds=30)
_FIRST_KEYS_LOCK = 0x6C74690001

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


ALGORITHMS = {Purpose.PLATFORMS: "RS256", Purpose.ACCESS: "EdDSA"}


@dataclass(frozen=True)
class _LoadedKey:
    kid: str
    purpose: Purpose
    private: PrivateKey
    public: dict[str, Any]
    active_from: datetime
    retired_at: datetime | None


class SigningKeys:
    """Our keys, decrypted once and reloaded every `RELOAD_INTERVAL`."""

    def __init__(self, sessions: Sessions, vault: Vault) -> None:
        self._sessions, self._vault = sessions, vault
        self._loaded: dict[str, _LoadedKey] = {}
        self._loaded_at: datetime | None = None

    async def create_first_keys(self, now: datetime) -> None:
        """Create a key per purpose where none exists; an advisory lock serializes replicas."""
        async with transaction(self._sessions) as db:
            await db.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FIRST_KEYS_LOCK}
            )
            existing = set(await db.scalars(select(SigningKey.purpose).distinct()))
            for purpose in Purpose:
                if purpose not in existing:
                    db.add(self._new_key(purpose, now, active_from=now))

    async def rotate(
        self, db: AsyncSession, purpose: Purpose, now: datetime, *, wait: timedelta = OVERLAP
    ) -> str:
        """Publish a new key; it signs after `wait`."""
        key = self._new_key(purpose, now, active_from=now + wait)
        db.add(key)
        await db.flush()
        self.invalidate()
        return key.kid

    def invalidate(self) -> None:
        """Reload the keys at the next use; other replicas reload within `RELOAD_INTERVAL`."""
        self._loaded_at = None

    def _new_key(self, purpose: Purpose, now: datetime, active_from: datetime) -> SigningKey:
        kid = uuid4().hex
        private = _new_private_key(purpose)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return SigningKey(
            kid=kid,
            purpose=purpose,
            private_key=self._vault.seal(pem),
            public_key=_public_jwk(private, kid, ALGORITHMS[purpose]),
            created_at=now,
            active_from=active_from,
        )

    async def sign(self, purpose: Purpose, claims: dict[str, Any], now: datetime) -> str:
        """A JWT with `kid`, signed with the newest active key."""
        key = signing(await self._keys(purpose, now), now)
        return jwt.encode(claims, key.private, ALGORITHMS[purpose], headers={"kid": key.kid})

    async def key_set(self, purpose: Purpose, now: datetime) -> dict[str, Any]:
        """The published public keys as a JWK Set."""
        return {"keys": [key.public for key in published(await self._keys(purpose, now), now)]}

    async def _keys(self, purpose: Purpose, now: datetime) -> list[_LoadedKey]:
        if self._loaded_at is None or not timedelta(0) <= now - self._loaded_at < RELOAD_INTERVAL:
            await self._load()
            self._loaded_at = now
        return [key for key in self._loaded.values() if key.purpose is purpose]

    async def _load(self) -> None:
        async with transaction(self._sessions) as db:
            rows = (await db.scalars(select(SigningKey))).all()
        known = self._loaded
        self._loaded = {
            row.kid: replace(known.get(row.kid) or self._open(row), retired_at=row.retired_at)
            for row in rows
        }

    def _open(self, row: SigningKey) -> _LoadedKey:
        private = load_pem_private_key(self._vault.open(row.private_key).encode(), None)
        if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
            raise TypeError(f"signing key {row.kid} is of a kind we do not use")
        purpose = Purpose(row.purpose)
        return _LoadedKey(
            row.kid, purpose, private, row.public_key, row.active_from, row.retired_at
        )


def _new_private_key(purpose: Purpose) -> PrivateKey:
    if purpose is Purpose.PLATFORMS:
        return generate_private_key(public_exponent=65537, key_size=2048)
    return Ed25519PrivateKey.generate()


def _public_jwk(private: PrivateKey, kid: str, algorithm: str) -> dict[str, Any]:
    """The public JWK with `alg`: without it Moodle fetches the set on every token request."""
    if isinstance(private, RSAPrivateKey):
        written = RSAAlgorithm.to_jwk(private.public_key())
    else:
        written = OKPAlgorithm.to_jwk(private.public_key())
    public: dict[str, Any] = json.loads(written)
    public.pop("key_ops", None)
    return {**public, "kid": kid, "use": "sig", "alg": algorithm}
