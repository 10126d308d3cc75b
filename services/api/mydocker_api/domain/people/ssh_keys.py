"""Parses SSH public keys as people paste them, or says why a line is refused."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 16_384
MIN_RSA_BITS = 2048
ALGORITHMS = frozenset(
    {
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)


class KeyFault(StrEnum):
    """Why a line is not accepted."""

    PRIVATE = "private"
    """The line is a private key."""
    UNREADABLE = "unreadable"
    ALGORITHM = "algorithm"
    WEAK = "weak"


@dataclass(frozen=True)
class PublicKey:
    """The stored facts of a key: enough to recognise it."""

    algorithm: str
    fingerprint: str
    comment: str


def public_key(line: str) -> PublicKey | KeyFault:
    """The key of one line of an `id_….pub` file."""
    text = line.strip()
    if "PRIVATE KEY" in text:
        return KeyFault.PRIVATE
    algorithm, _, rest = text.partition(" ")
    encoded, _, comment = rest.strip().partition(" ")
    if len(text) > LONGEST or "\n" in text or not encoded:
        return KeyFault.UNREADABLE
    if algorithm not in ALGORITHMS:
        return KeyFault.ALGORITHM
    try:
        blob = base64.b64decode(encoded, validate=True)
        parts = _strings(blob)
    except (binascii.Error, ValueError, struct.error):
        return KeyFault.UNREADABLE
    if len(parts) < 2 or parts[0] != algorithm.encode():
        return KeyFault.UNREADABLE
    if algorithm == "ssh-rsa" and _bits(parts[-1]) < MIN_RSA_BITS:
        return KeyFault.WEAK
    return PublicKey(algorithm, fingerprint(blob), comment.strip()[:80])


def fingerprint(blob: bytes) -> str:
    """As `ssh-keygen -l` writes it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"


def public_key_fingerprint(line: str) -> str | None:
    """The fingerprint of a public key line; None when it is none."""
    key = public_key(line)
    return key.fingerprint if isinstance(key, PublicKey) else None


def _strings(blob: bytes) -> list[bytes]:
    """The length-prefixed parts a key's blob is made of (RFC 4251)."""
    parts, at = [], 0
    while at < len(blob):
        (length,) = struct.unpack_from(">I", blob, at)
        if at + 4 + length > len(blob):
            raise ValueError("shorter than it says")
        parts.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    return parts


def _bits(number: bytes) -> int:
    return int.from_bytes(number, "big").bit_length()
