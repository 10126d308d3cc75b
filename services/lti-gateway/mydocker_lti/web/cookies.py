"""Cookies that survive in a frame on another site, third-party cookies blocked.

`Partitioned` keeps them (CHIPS), `SameSite=None; Secure` lets the platform's cross-site POST carry
them, `__Host-` binds them to this host. Starlette writes no `Partitioned` on Python 3.11.
"""

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
REFRESH = "__Host-mydocker-refresh"


def state_cookie(state_digest: str) -> str:
    """The cookie of one login: two tabs must not overwrite each other's."""
    return f"__Host-mydocker-state-{state_digest[:16]}"


def kept(name: str, value: str, seconds: int) -> dict[str, str]:
    """The header that sets the cookie."""
    return {"Set-Cookie": f"{name}={value}; Max-Age={seconds}; {_ATTRIBUTES}"}


def dropped(name: str) -> dict[str, str]:
    """The header that takes the cookie away; partitioned, or it would name another one."""
    return kept(name, "", 0)
