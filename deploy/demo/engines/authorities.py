"""An institution's own certificate authorities, for machines behind a TLS proxy."""

import os
from collections.abc import MutableMapping
from pathlib import Path

FOLDER = Path("/usr/local/share/ca-certificates")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
VARIABLES = (
    "SSL_CERT_FILE",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)
"""Programs that bring authorities of their own listen to one of these."""


def extra() -> list[Path]:
    """The authorities this machine trusts beyond Debian's."""
    return sorted(FOLDER.glob("**/*.crt"))


def trust_here(environment: MutableMapping[str, str] = os.environ) -> None:
    """Make the programs we start trust them; what a person has set stays."""
    if extra() and BUNDLE.exists():
        for name in VARIABLES:
            environment.setdefault(name, str(BUNDLE))
