"""Check of `target_link_uri`: only our own launch address is accepted."""

LAUNCH_PATH = "/lti/launch"
_LONGEST = 2000


def is_ours(target: str, app_origin: str) -> bool:
    """Whether `target` is our launch address, with or without a query.

    Compares text and does not parse, so that differences between URL parsers do not matter.
    """
    address = f"{app_origin}{LAUNCH_PATH}"
    if len(target) > _LONGEST or not target.isascii() or not target.isprintable():
        return False
    if any(character in target for character in ' \\#"<>'):
        return False
    return target == address or target.startswith(f"{address}?")


def same_path(left: str, right: str) -> bool:
    return left.partition("?")[0] == right.partition("?")[0]
