"""The secrets of one platform, made once and kept in files only their owner can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

SERVICES = ("api", "orchestrator", "builder", "lti-gateway", "bastion")
ROLES = ("api", "orchestrator", "builder", "lti")
DATABASE = "mydocker"


class Keys:
    """A folder of secrets, one per file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def trusted(self) -> Path:
        """The public halves: whose calls a service accepts."""
        return self.folder / "trusted"

    def file(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> str:
        return self.file(name).read_text(encoding="utf-8").strip()

    def service_key(self, service: str) -> Path:
        return self.file(f"{service}.key")

    def database_url(self, role: str) -> Path:
        return self.file(f"{role}-database-url")

    def make(self, host: str, port: int) -> None:
        """Make what is not there yet; nothing that exists changes but the database's address."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.trusted.mkdir(exist_ok=True, mode=0o755)
        self._once("vault-keys", lambda: Fernet.generate_key().decode())
        self._once("cookie-key", lambda: secrets.token_urlsafe(48))
        self._once("postgres-password", lambda: secrets.token_urlsafe(24))
        self._ssh_host_key()
        for service in SERVICES:
            self._service(service)
        for role in ROLES:
            self._once(f"{role}-password", lambda: secrets.token_urlsafe(24))
            address = f"{role}:{self.read(f'{role}-password')}@{host}:{port}/{DATABASE}"
            self._write(f"{role}-database-url", f"postgresql+asyncpg://{address}")

    def _service(self, service: str) -> None:
        public = self.trusted / f"mydocker-{service}.pem"
        if public.exists():
            return
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._write(f"{service}.key", private.decode())
        public.write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    def _ssh_host_key(self) -> None:
        """The bastion's own: made once, since every client remembers it."""
        if self.file("ssh-host-key.pub").exists():
            return
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        self._write("ssh-host-key", private.decode())
        public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        self._write("ssh-host-key.pub", public.decode())

    def _once(self, name: str, made: Callable[[], str]) -> None:
        if not self.file(name).exists():
            self._write(name, made())

    def _write(self, name: str, text: str) -> None:
        draft = self.file(f"{name}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(self.file(name))
