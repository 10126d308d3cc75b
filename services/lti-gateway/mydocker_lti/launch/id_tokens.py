"""Signature check of id_tokens. Claims are checked elsewhere (`domain/launches/claims.py`)."""

import base64
import binascii
import json
from datetime import datetime

import jwt
from jwt.api_jws import PyJWS

from ..domain.refusals import EntryRefused, Reason
from ..keys.platform_jwks import PlatformKeys
from ..models import Registration

MAX_TOKEN_CHARACTERS = 64 * 1024
_jws = PyJWS(algorithms=["RS256"])


async def verified_payload(
    id_token: str, registration: Registration, keys: PlatformKeys, now: datetime
) -> object:
    """The payload signed by `registration`'s platform. The header only selects the key."""
    if len(id_token) > MAX_TOKEN_CHARACTERS:
        raise EntryRefused(Reason.REQUEST_TOO_LARGE)
    kid = _key_id(id_token)
    key = await keys.signing_key(registration, kid, now)
    try:
        payload = _jws.decode_complete(id_token, key, algorithms=["RS256"])["payload"]
    except jwt.InvalidSignatureError:
        raise EntryRefused(Reason.SIGNATURE_WRONG) from None
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise EntryRefused(Reason.TOKEN_MALFORMED) from None
    return _parsed(payload)


def _key_id(id_token: str) -> str:
    """The header's `kid`; refuses any algorithm but RS256, and critical extensions."""
    parts = id_token.split(".")
    if len(parts) != 3 or not id_token.isascii():
        raise EntryRefused(Reason.TOKEN_MALFORMED)
    header = _parsed(_decoded(parts[0]))
    if not isinstance(header, dict):
        raise EntryRefused(Reason.TOKEN_MALFORMED)
    if header.get("alg") != "RS256":
        raise EntryRefused(Reason.ALGORITHM_REFUSED)
    if "crit" in header or "b64" in header:
        raise EntryRefused(Reason.CRITICAL_HEADER)
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= 255:
        raise EntryRefused(Reason.KEY_ID_MISSING)
    return kid


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise EntryRefused(Reason.TOKEN_MALFORMED) from None


def _parsed(text: bytes) -> object:
    try:
        parsed: object = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        raise EntryRefused(Reason.TOKEN_MALFORMED) from None
    return parsed
