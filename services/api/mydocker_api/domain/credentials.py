"""Names and passwords of environments, and pseudonyms of people."""

import math
import secrets

from .words import ADJECTIVES, SCIENTISTS

# Without the characters that are mistaken for one another when copied by hand.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_LENGTH = 16
PASSWORD_BITS = PASSWORD_LENGTH * math.log2(len(PASSWORD_LETTERS))


def new_username() -> str:
    """A readable name such as `strange_mcclintock`; a Linux account may bear it."""
    return f"{secrets.choice(ADJECTIVES)}_{secrets.choice(SCIENTISTS)}"


def new_password() -> str:
    """Some 93 bits, of letters and digits only: no shell, URL or configuration trips over it."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_LENGTH))


def new_pseudonym() -> str:
    """What a person is called when the LMS gives no name."""
    return f"{secrets.choice(ADJECTIVES)} {secrets.choice(SCIENTISTS)}".title()
