"""Which addresses a launch may name: only our own launch address."""

LAUNCH_PATH = "/lti/launch"
_LONGEST = 2000


def is_ours(target: str, app_origin: str) -> bool:
    """Whether `target` is our launch address, with at most a query behind it.

    Compared as text and never parsed: what two parsers read differently cannot get through.
    """
    address = f"{app_origin}{LAUNCH_PATH}"
    if len(target) > _LONGEST or not target.isascii() or not target.isprintable():
        return False
    if any(character in target for character in ' \\#"<>'):
        return False
    return target == address or target.startswith(f"{address}?")


def same_path(left: str, right: str) -> bool:
    return left.partition("?")[0] == right.partition("?")[0]
