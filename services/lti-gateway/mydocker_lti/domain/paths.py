"""Addresses within our own application: what may follow a sign-in."""

import re

_OURS = re.compile(r"/(dashboard|account)(/[A-Za-z0-9._~%/-]*)?(\?[A-Za-z0-9._~%&=+,:-]*)?")
_LONGEST = 500


def own_path(wish: str | None) -> str | None:
    """The wish when it surely stays within our pages, else nothing.

    A list of what may be, for what may not has no end: `//host`, `/\\host`, tabs, encoded schemes.
    """
    if wish is None or len(wish) > _LONGEST or not _OURS.fullmatch(wish) or "//" in wish:
        return None
    return wish
