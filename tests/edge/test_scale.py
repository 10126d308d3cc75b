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


async def talk(homes: list[Home], site: Town) -> list[aiohttp.ClientWebSocketResponse]:
    return list(await asyncio.gather(*(site.chat(home) for home in homes)))


async def test_environments_come_and_go_and_no_websocket_is_cut(site: Town) -> None:
    stay = await site.open(50)
    await site.until(stay[-1], 200)
    sockets = await talk(stay, site)
    for _ in range(3):
        guests = await site.open(40)
        await asyncio.gather(*(site.until(guest, 200) for guest in guests))
        for guest in guests:
            await site.close(guest)
        await asyncio.gather(*(site.until(guest, 503) for guest in guests))
    assert all(await asyncio.gather(*(alive(socket, "still here") for socket in sockets)))
    for socket in sockets:
        await socket.close()


async def test_a_restarted_edge_knows_every_environment(site: Town) -> None:
    homes = await site.open(50)
    await site.until(homes[-1], 200)
    sockets = await talk(homes, site)
    # A stream without an end must not keep the old edge from leaving.
    stream = await site.http.get(site.url("/drip?every=1"), headers=homes[0].headers)
    await site.edge.restart()
    again = await talk(homes, site)  # nothing but the edge's own sockets was lost
    assert all(await asyncio.gather(*(alive(socket, "again") for socket in again)))
    for socket in [*sockets, *again]:
        await socket.close()
    stream.close()


async def test_a_restarted_api_cuts_nobody_and_believes_nothing_old(site: Town) -> None:
    homes = await site.open(20)
    await site.until(homes[-1], 200)
    sockets = await talk(homes, site)
    stopped = homes.pop()
    await asyncio.to_thread(site.api.end)
    await site.close(stopped)
    site.api.start()  # requests wait for it a while; a machine under load may take longer
    await asyncio.gather(*(site.until(home, 200) for home in homes))
    assert (await site.get(stopped))[0] == 503
    assert all(await asyncio.gather(*(alive(socket, "still here") for socket in sockets)))
    for socket in sockets:
        await socket.close()
