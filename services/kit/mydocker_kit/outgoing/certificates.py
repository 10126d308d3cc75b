"""The certificate authorities that a client trusts."""

import ssl
from functools import cache


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Those of this machine, read once a process: to read them takes 20 ms of processor time."""
    return ssl.create_default_context()
