"""Signed Course ids in the custom parameters of our deep links.

A deep link names a Course by two custom parameters: its id, and an HMAC-SHA256 over the id and the
registration it was made for, with a key of that registration. Platforms copy custom parameters when
an activity or a whole course is copied or restored, so a copy works on the same platform; on
another platform the signature is not valid. The value is hexadecimal: Moodle keeps custom
parameters as lines `name=value` and cuts a value at a further `=`.
"""

import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

COURSE_ID, COURSE_SIGNATURE = "course_id", "course_signature"


def custom_parameters(key: str, registration_id: UUID, course_id: UUID) -> Mapping[str, str]:
    """The custom parameters of a deep link to this Course on this platform."""
    signature = _signature(key, registration_id, course_id)
    return {COURSE_ID: str(course_id), COURSE_SIGNATURE: signature}


def is_signed(key: str, registration_id: UUID, course_id: UUID, signature: str) -> bool:
    """Whether the signature was made with this key for this registration and Course."""
    expected = _signature(key, registration_id, course_id)
    return hmac.compare_digest(expected.encode(), signature.encode())


def _signature(key: str, registration_id: UUID, course_id: UUID) -> str:
    message = f"mydocker course link v1 {registration_id} {course_id}"
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()
