"""Entity tags that were computed before, by the version of their row.

A tag is a digest of every field that an edit replaces (`etags`). A list shows few of them, and to
read and digest the rest for each entry costs as much as the page. PostgreSQL names the transaction
that wrote a row, `xmin`: while that is the same, so is the tag.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from uuid import UUID

MOST_REMEMBERED = 20_000
Written = tuple[UUID, int, str]
"""Id of a row, the transaction that wrote it, and its tag."""


class KnownEtags:
    """The tags of one table; those computed first are forgotten first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._tags: OrderedDict[tuple[UUID, int], str] = OrderedDict()
        self._most = most

    async def of(
        self,
        listed: Mapping[UUID, int],
        compute: Callable[[Sequence[UUID]], Awaitable[Iterable[Written]]],
    ) -> dict[UUID, str]:
        """The tags of these rows, each as that transaction wrote it; `compute` reads those missing.

        A row that was written again since it was listed gets a tag that no edit may use.
        """
        known = {key: self._tags[key] for key in listed.items() if key in self._tags}
        if missing := [id for id, writer in listed.items() if (id, writer) not in known]:
            known |= {(id, writer): tag for id, writer, tag in await compute(missing)}
            self._remember(known)
        return {id: known.get((id, writer), f'"{writer}"') for id, writer in listed.items()}

    def _remember(self, known: Mapping[tuple[UUID, int], str]) -> None:
        self._tags.update(known)
        while len(self._tags) > self._most:
            self._tags.popitem(last=False)
