"""VNC authentication: the response to a server's challenge (RFC 6143, section 7.2.2)."""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

from ..domain.rfb import CHALLENGE_LENGTH, NotVnc

_KEY_LENGTH = 8


def challenge_response(challenge: bytes, password: str) -> bytes:
    """Encrypt the challenge with the password's first eight characters, each byte mirrored."""
    if len(challenge) != CHALLENGE_LENGTH:
        raise NotVnc("no challenge")
    key = password.encode("latin-1", "replace")[:_KEY_LENGTH].ljust(_KEY_LENGTH, b"\0")
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    # Three times the same key: Triple DES is then DES, which no library offers by itself.
    cipher = Cipher(TripleDES(mirrored * 3), ECB()).encryptor()  # noqa: S305 - the protocol's own
    return cipher.update(challenge) + cipher.finalize()
