"""A Course's command: split as a shell would, placeholders replaced, passed as arguments."""

import re
import shlex

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
KNOWN = frozenset({"USERNAME", "PASSWORD"})


class UnknownPlaceholder(ValueError):
    """The command names a placeholder that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def check(command: str) -> None:
    """ValueError when the command cannot be split; UnknownPlaceholder for a name we lack."""
    for part in _split(command):
        for name in _PLACEHOLDER.findall(part):
            if name not in KNOWN:
                raise UnknownPlaceholder(name)


def arguments(command: str, username: str, password: str) -> tuple[str, ...]:
    """The container's arguments.

    Placeholders are replaced after splitting, so a value never becomes two arguments.
    """
    values = {"USERNAME": username, "PASSWORD": password}
    return tuple(
        _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), part)
        for part in _split(command)
    )


def _split(command: str) -> list[str]:
    # Spaces in `{{ NAME }}` are removed first, since `shlex` splits at them.
    return shlex.split(_PLACEHOLDER.sub(lambda match: "{{" + match[1] + "}}", command))
