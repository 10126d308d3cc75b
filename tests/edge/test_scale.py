"""Environments come and go under open WebSockets; the edge restarts. The short form.

The long one, with 500 environments, 200 WebSockets and seconds, is `tests.benchmarks.routes`.
"""

import asyncio

import aiohttp

from tests.edge.town import Home, Town


async def alive(socket: aiohttp.ClientWebSocketResponse, said: str) -> bool:
    """Whether what we say comes back."""
    try:
        await socket.send_str(said)
        return await socket.receive_str(timeout=100) == said
    except (TypeError, ConnectionError, TimeoutError):
        return False


async def talk(homes: list[Home], place: Town) -> list[aiohttp.ClientWebSocketResponse]:
    return list(await asyncio.gather(*(place.chat(home) for home in homes)))


async def test_environments_come_and_go_and_no_websocket_is_cut(place: Town) -> None:
    stay = await place.open(50)
    await place.until(stay[-1], 200)
    sockets = await talk(stay, place)
    for _ in range(3):
        guests = await place.open(40)
        await asyncio.gather(*(place.until(guest, 200) for guest in guests))
        for guest in guests:
            await place.close(guest)
        await asyncio.gather(*(place.until(guest, 503) for guest in guests))
    assert all(await asyncio.gather(*(alive(one, "still here") for one in sockets)))
    for socket in sockets:
        await socket.close()


async def test_a_restarted_edge_knows_every_environment(place: Town) -> None:
    homes = await place.open(50)
    await place.until(homes[-1], 200)
    sockets = await talk(homes, place)
    # A stream without an end must not keep the old edge from leaving.
    stream = await place.http.get(place.url("/drip?every=1"), headers=homes[0].headers)
    await place.edge.restart()
    again = await talk(homes, place)  # nothing but the edge's own sockets was lost
    assert all(await asyncio.gather(*(alive(one, "again") for one in again)))
    for socket in [*sockets, *again]:
        await socket.close()
    stream.close()


async def test_a_restarted_api_cuts_nobody_and_believes_nothing_old(place: Town) -> None:
    homes = await place.open(20)
    await place.until(homes[-1], 200)
    sockets = await talk(homes, place)
    stopped = homes.pop()
    await asyncio.to_thread(place.api.end)
    await place.close(stopped)
    place.api.start()  # requests wait for it a while; a machine under load may take longer
    await asyncio.gather(*(place.until(home, 200) for home in homes))
    assert (await place.get(stopped))[0] == 503
    assert all(await asyncio.gather(*(alive(one, "still here") for one in sockets)))
    for socket in sockets:
        await socket.close()
