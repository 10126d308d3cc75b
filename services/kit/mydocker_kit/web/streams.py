"""Answers that are streamed: what refuses to begin is answered as a refusal."""

from collections.abc import AsyncIterator


async def begun(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same content, once its first part is there: an error before it is raised here.

    After a stream has begun, its status is sent, and an error can only break it off.
    """
    first = await anext(content, b"")

    async def stream() -> AsyncIterator[bytes]:
        yield first
        async for data in content:
            yield data

    return stream()
