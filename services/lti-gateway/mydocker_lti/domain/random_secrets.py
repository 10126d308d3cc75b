"""Random secrets for browsers, and the digests that are stored of them."""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """256 random bits, plain alphanumeric: Moodle strips markup from state and nonce."""
    return secrets.token_hex(32)


def digest(secret: str) -> str:
    """SHA-256 that is stored instead of the secret; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
