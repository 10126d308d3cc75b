"""Cookies that work in a cross-site frame while third-party cookies are blocked.

`Partitioned` stores them (CHIPS), `SameSite=None; Secure` sends them with the platform's cross-site
POST, `__Host-` binds them to this host. Starlette writes no `Partitioned` on Python 3.11.
"""

_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
REFRESH = "__Host-mydocker-refresh"


def state_cookie(state_digest: str) -> str:
    """Name of a login's cookie; each login has its own, so tabs do not overwrite each other."""
    return f"__Host-mydocker-state-{state_digest[:16]}"


def set_cookie(name: str, value: str, seconds: int) -> dict[str, str]:
    """The `Set-Cookie` header that sets the cookie for `seconds`."""
    return {"Set-Cookie": f"{name}={value}; Max-Age={seconds}; {_ATTRIBUTES}"}


def clear_cookie(name: str) -> dict[str, str]:
    """The `Set-Cookie` header that deletes the cookie; partitioned, as the cookie is."""
    return set_cookie(name, "", 0)
