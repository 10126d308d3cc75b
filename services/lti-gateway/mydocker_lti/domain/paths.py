"""Open-redirect guard: paths of our own application that may follow a sign-in."""

import re

_OURS = re.compile(r"/(dashboard|account)(/[A-Za-z0-9._~%/-]*)?(\?[A-Za-z0-9._~%&=+,:-]*)?")
_LONGEST = 500


def own_path(path: str | None) -> str | None:
    """`path` if it is on the allowlist of our pages, else None.

    An allowlist, since a denylist cannot be complete: `//host`, `/\\host`, tabs, encoded schemes.
    """
    if path is None or len(path) > _LONGEST or not _OURS.fullmatch(path) or "//" in path:
        return None
    return path
