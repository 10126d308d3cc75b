"""The line and headers of an HTTP/1.1 request, read as far as the relay needs. Pure."""

from dataclasses import dataclass


class UnreadableHead(ValueError):
    """Not the head of a request, or not with exactly one header of a name."""


@dataclass(frozen=True)
class RequestHead:
    """Its lines, without their ends; the first is the request line."""

    lines: tuple[bytes, ...]

    @classmethod
    def parse(cls, raw: bytes) -> "RequestHead":
        """From bytes that end with an empty line."""
        lines = tuple(raw.removesuffix(b"\r\n\r\n").split(b"\r\n"))
        if not lines[0].endswith(b" HTTP/1.1"):
            raise UnreadableHead("not an HTTP/1.1 request")
        return cls(lines)

    def single(self, name: str) -> str:
        """The value of the header `name`, which occurs exactly once."""
        values = [line.partition(b":")[2] for line in self.lines[1:] if _name(line) == name]
        if len(values) != 1:
            raise UnreadableHead(f"{len(values)} headers {name}")
        return values[0].strip().decode("latin-1")

    def without(self, name: str) -> bytes:
        """As bytes, without the headers `name`."""
        rest = [line for line in self.lines[1:] if _name(line) != name]
        return b"\r\n".join((self.lines[0], *rest, b"", b""))


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("latin-1")
