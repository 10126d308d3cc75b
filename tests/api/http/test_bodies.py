"""No route reads the body of a stranger: the api as it is built, over a real connection."""

import asyncio
import json
from urllib.parse import urlsplit

from tests.api.campus import Campus


async def _unsent(campus: Campus, method: str, path: str, proof: str) -> tuple[int, str]:
    """Status and code of a request that declares 8 MB and sends nothing of it."""
    address = urlsplit(campus.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n{proof}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 8000000\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(100):
        answer = (await reader.read()).decode()
    writer.close()
    return int(answer.split()[1]), json.loads(answer.partition("\r\n\r\n")[2])["code"]


async def test_no_route_reads_the_body_of_a_stranger(campus: Campus) -> None:
    stranger = "Authorization: Bearer x.y.z"
    described = campus.app.openapi()["paths"]
    routes = [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in described.items()
        for method, route in methods.items()
        if "requestBody" in route
    ]
    assert len(routes) > 15
    for method, path in routes:
        for proof in ("X-Nothing: 1", stranger):
            assert await _unsent(campus, method, path, proof) == (401, "unauthenticated"), path


async def test_no_body_of_a_person_is_read_beyond_the_limit(campus: Campus) -> None:
    teacher = await campus.teacher()
    proof = f"Authorization: {teacher.http.headers['Authorization']}"
    assert await _unsent(campus, "POST", "/api/courses", proof) == (413, "request_too_large")
