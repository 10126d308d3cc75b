"""Many small web programs in one process: `python -m tests.edge.upstreams COUNT` prints the ports.

Each port plays the container of one environment: a page that names the port, a WebSocket that
echoes, an upload that is counted and thrown away, a stream that goes on for ever.
"""

import asyncio
import hashlib
import json
import sys

from aiohttp import WSMsgType, web

PIECE = b"\0" * 65536
LARGEST = 2**31
"""Bytes of one upload."""


def _port(request: web.Request) -> int:
    assert request.transport
    return int(request.transport.get_extra_info("sockname")[1])


async def page(request: web.Request) -> web.Response:
    return web.json_response({"port": _port(request), "headers": dict(request.headers)})


async def small(_: web.Request) -> web.Response:
    return web.Response(text="x" * 1024)


async def upload(request: web.Request) -> web.Response:
    digest, size = hashlib.blake2b(), 0
    async for piece in request.content.iter_any():
        digest.update(piece)
        size += len(piece)
    return web.json_response({"size": size, "digest": digest.hexdigest()})


async def download(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_length = left = int(request.query["size"])
    await answer.prepare(request)
    while left > 0:
        await answer.write(PIECE[:left])
        left -= len(PIECE)
    return answer


async def drip(request: web.Request) -> web.StreamResponse:
    """An event now, and the next one after so many seconds."""
    kind = request.query.get("kind", "text/event-stream")
    answer = web.StreamResponse(headers={"Content-Type": kind})
    await answer.prepare(request)
    number = 0
    while True:
        await answer.write(f"data: {number}\n\n".encode())
        number += 1
        await asyncio.sleep(float(request.query["every"]))


async def chat(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_json({"port": _port(request), "headers": dict(request.headers)})
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


async def serve(count: int) -> None:
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(
        [
            web.get("/", page),
            web.get("/small", small),
            web.post("/upload", upload),
            web.get("/download", download),
            web.get("/drip", drip),
            web.get("/chat", chat),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for _ in range(count):
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    print(json.dumps([address[1] for address in runner.addresses]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
