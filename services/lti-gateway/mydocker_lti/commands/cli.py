"""`mydocker admin|keys|platforms …`: the operator's command, where the gateway runs."""

import sys
from collections.abc import Callable, Mapping, Sequence

from . import admin, keys, platforms

_COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "admin": admin.main,
    "keys": keys.main,
    "platforms": platforms.main,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named command; returns 2 without one."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = _COMMANDS.get(given[0]) if given else None
    if command is None:
        print(f"usage: mydocker {{{','.join(_COMMANDS)}}} …", file=sys.stderr)  # noqa: T201
        return 2
    return command(given[1:])
