"""Names and passwords of environments, and pseudonyms of people."""

import math
import secrets

from .name_parts import ADJECTIVES, SCIENTISTS

# Without the characters that are mistaken for one another when copied by hand.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_LENGTH = 16
PLAIN_TRIES = 4
PASSWORD_BITS = PASSWORD_LENGTH * math.log2(len(PASSWORD_LETTERS))


def new_username(tries: int = 0) -> str:
    """A readable name such as `strange_mcclintock`, valid as a Linux account.

    Names are unique among environments. There are about 8,000 without a number: after
    `PLAIN_TRIES` collisions a number is appended (`strange_mcclintock_4071`).
    """
    name = f"{secrets.choice(ADJECTIVES)}_{secrets.choice(SCIENTISTS)}"
    return name if tries < PLAIN_TRIES else f"{name}_{secrets.randbelow(9000) + 1000}"


def new_password() -> str:
    """About 93 bits of letters and digits: safe in shells, URLs and configuration files."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_LENGTH))


def new_pseudonym() -> str:
    """What a person is called when the LMS gives no name."""
    return f"{secrets.choice(ADJECTIVES)} {secrets.choice(SCIENTISTS)}".title()
