"""Random values that browsers carry, and the digests we keep of them."""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """256 random bits, plain alphanumeric: Moodle strips markup from state and nonce."""
    return secrets.token_hex(32)


def digest(secret: str) -> str:
    """What a table holds instead of the secret; no salt is needed for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
