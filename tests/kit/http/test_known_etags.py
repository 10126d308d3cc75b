"""Tags of listed rows are computed once for each version of a row."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from mydocker_kit.postgres.known_etags import KnownEtags, Written

A, B = uuid4(), uuid4()


class Table:
    """Rows and the transactions that wrote them; counts what is read of it."""

    def __init__(self) -> None:
        self.writers = {A: 1, B: 1}
        self.read: list[UUID] = []

    async def compute(self, ids: Sequence[UUID]) -> list[Written]:
        self.read.extend(ids)
        return [(id, self.writers[id], f'"{id}-{self.writers[id]}"') for id in ids]


async def test_a_row_is_read_once_for_each_version() -> None:
    table, known = Table(), KnownEtags()
    assert await known.of({A: 1, B: 1}, table.compute) == {A: f'"{A}-1"', B: f'"{B}-1"'}
    await known.of({A: 1, B: 1}, table.compute)
    assert table.read == [A, B]
    table.writers[B] = 2
    assert await known.of({A: 1, B: 2}, table.compute) == {A: f'"{A}-1"', B: f'"{B}-2"'}
    assert table.read == [A, B, B]


async def test_a_row_written_again_since_it_was_listed_gets_a_tag_of_no_version() -> None:
    table, known = Table(), KnownEtags()
    table.writers[A] = 2
    tags = await known.of({A: 1}, table.compute)
    assert tags[A] not in (f'"{A}-1"', f'"{A}-2"')
    assert (await known.of({A: 2}, table.compute))[A] == f'"{A}-2"'


async def test_no_more_than_so_many_are_remembered() -> None:
    table, known = Table(), KnownEtags(most=1)
    assert await known.of({A: 1, B: 1}, table.compute) == {A: f'"{A}-1"', B: f'"{B}-1"'}
    await known.of({A: 1}, table.compute)
    assert table.read == [A, B, A]
