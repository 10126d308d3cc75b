"""The end of a container's output, as far as it is kept."""

MAX_BYTES = 8 * 1024


def last_lines(text: str, limit: int = MAX_BYTES) -> str:
    """The end of `text`, whole lines where possible, at most `limit` bytes of UTF-8."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    cut = raw[-limit:].decode(errors="ignore")
    _, newline, rest = cut.partition("\n")
    return rest if newline and rest else cut
