"""Open-redirect guard: paths of our own application that may follow a sign-in."""

import re

_OURS = re.compile(
    r"/(dashboard|account|activities|courses|join)(/[A-Za-z0-9._~%/-]*)?"
    r"(\?[A-Za-z0-9._~%&=+,:/@-]*)?"
)
"""The query may hold an address, as links of nbgitpuller do: it leads nowhere by itself."""
_LONGEST = 2000


def own_path(path: str | None) -> str | None:
    """`path` if it is on the allowlist of our pages, else None.

    An allowlist, since a denylist cannot be complete: `//host`, `/\\host`, tabs, encoded schemes.
    """
    if path is None or len(path) > _LONGEST or not _OURS.fullmatch(path):
        return None
    if "//" in path.partition("?")[0]:
        return None
    return path
