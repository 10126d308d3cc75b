"""Launches per second through the real gateway, the real api and PostgreSQL, as processes.

`python -m tests.benchmarks.launches`. 500 people arrive from one address within a minute, key sets
cached; the platform signs between the measured parts. Prints each step's rate, p50 and p95, and
the ratio of a launch's cost to the framework's empty request and to checking the signature alone.
Asserts nothing but that nobody was refused.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.lti_gateway.fake_platform import KEY, FakePlatform
from tests.support.ports import is_listener, reserved
from tests.support.postgresql import server

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
AT_ONCE = 16
MODULES = {"lti-gateway": "mydocker_lti", "api": "mydocker_api"}
Step = Callable[[int], Awaitable[httpx.Response]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mydocker-bench-")))
        tool = stack.enter_context(platform_of_ours(folder))
        platform = stack.enter_context(signing_platform(f"{tool}/lti/launch"))
        add_platform(platform)
        refused = asyncio.run(measure(tool, platform, asked.people))
    return 1 if refused else 0


async def measure(tool: str, platform: FakePlatform, people: int) -> int:
    """All steps one after another, each by `AT_ONCE` browsers."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=tool, limits=limits, timeout=PATIENCE) as http:
        await arrive(http, platform, 20, "warming up", quiet=True)
        empty = await timed("empty request", people, lambda _: http.get("/health/live"))
        cost, refused = await arrive(http, platform, people, "person")
    verify = signature_alone(platform)
    print(f"whole launch          {cost * 1000:8.2f} ms of two cores' time each")
    print(f"against empty request {cost / empty:8.1f} x (three requests)")
    print(f"against signature     {cost / verify:8.1f} x ({verify * 1e6:.0f} us)")
    print(f"refused               {refused:8d} of {people}")
    return refused


async def arrive(
    http: httpx.AsyncClient, platform: FakePlatform, people: int, label: str, quiet: bool = False
) -> tuple[float, int]:
    """Logins, launches and tickets of this many people: seconds per person, and refusals."""
    logins: dict[int, httpx.Response] = {}
    launched: dict[int, httpx.Response] = {}
    refused = 0

    async def login(number: int) -> httpx.Response:
        form = platform.login(login_hint=f"{label}{number}")
        logins[number] = await http.post("/lti/login", data=form)
        return logins[number]

    began = time.perf_counter()
    spent = await timed("login", people, login, quiet=quiet)
    forms, cookies = {}, {}
    for number, answer in logins.items():
        query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        if "nonce" not in query:
            refused += 1
            continue
        claims = platform.claims(query["nonce"][0], datetime.now(UTC), sub=str(number))
        forms[number] = {"state": query["state"][0], "id_token": platform.sign(claims)}
        cookies[number] = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    http.cookies.clear()

    async def launch(number: int) -> httpx.Response:
        launched[number] = await http.post(
            "/lti/launch", data=forms[number], headers=cookies[number]
        )
        return launched[number]

    async def enter(number: int) -> httpx.Response:
        ticket = urlsplit(launched[number].headers["Location"]).fragment.removeprefix("ticket=")
        return await http.post("/lti/tickets", json={"ticket": ticket}, headers=cookies[number])

    begun = list(forms)
    spent += await timed("launch", len(begun), lambda n: launch(begun[n]), quiet=quiet)
    refused += sum(answer.status_code != 303 for answer in launched.values())
    entered = [number for number, answer in launched.items() if answer.status_code == 303]
    spent += await timed("ticket", len(entered), lambda n: enter(entered[n]), quiet=quiet)
    http.cookies.clear()
    if not quiet:
        print(f"launches per second   {1 / spent:8.1f}")
        print(f"all people within     {time.perf_counter() - began:8.1f} s, signing included")
    return spent, refused


async def timed(name: str, count: int, step: Step, *, quiet: bool = False) -> float:
    """Wall seconds per request of `count` requests, and how long each one waited."""
    waits: list[float] = []
    numbers = iter(range(count))

    async def browser() -> None:
        for number in numbers:
            began = time.perf_counter()
            await step(number)
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(browser() for _ in range(AT_ONCE)))
    seconds = (time.perf_counter() - began) / max(count, 1)
    if not quiet:
        p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
        print(f"{name:14} {1 / seconds:8.1f}/s  p50 {p50 * 1000:6.1f} ms  p95 {p95 * 1000:6.1f} ms")
    return seconds


def signature_alone(platform: FakePlatform) -> float:
    """Seconds that checking one id_token's signature takes."""
    token = platform.sign(platform.claims("nonce", datetime.now(UTC)))
    key, rounds = KEY.public_key(), 500
    began = time.perf_counter()
    for _ in range(rounds):
        jwt.api_jws.decode(token, key, algorithms=["RS256"])
    return (time.perf_counter() - began) / rounds


@contextmanager
def signing_platform(target: str) -> Iterator[FakePlatform]:
    """A platform on loopback that serves its key set."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"keys": platform.keys}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    platform = LocalPlatform(target, host=f"127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield platform
    listening.shutdown()
    listening.server_close()


class LocalPlatform(FakePlatform):
    """On this machine, so over plain http."""

    @property
    def issuer(self) -> str:
        return f"http://{self.host}"


@contextmanager
def platform_of_ours(folder: Path) -> Iterator[str]:
    """PostgreSQL, api and gateway; the gateway's address."""
    with server(folder / "pg") as postgres, reserved(3) as ports:
        postgres.run("CREATE DATABASE bench")
        with _services(folder, postgres.url("bench"), *ports) as tool:
            yield tool


@contextmanager
def _services(
    folder: Path, database_url: str, gateway_port: int, api_port: int, nobody: int
) -> Iterator[str]:
    tool = f"http://127.0.0.1:{gateway_port}"
    os.environ.update(
        MYDOCKER_DATABASE_URL=database_url,
        MYDOCKER_TRUSTED_SERVICE_KEYS=str(folder),
        MYDOCKER_VAULT_KEYS=Fernet.generate_key().decode(),
        MYDOCKER_COOKIE_KEY="0" * 32,
        MYDOCKER_APP_ORIGIN=tool,
        MYDOCKER_USER_CONTENT_ORIGIN="http://env.localhost",
        MYDOCKER_PRIVATE_PLATFORMS="127.0.0.0/8",
        MYDOCKER_API_URL=f"http://127.0.0.1:{api_port}",
        MYDOCKER_LTI_URL=tool,
        MYDOCKER_ORCHESTRATOR_URL=f"http://127.0.0.1:{nobody}",
        MYDOCKER_BUILDER_URL=f"http://127.0.0.1:{nobody}",
    )
    keys = {service: own_key(folder, service) for service in MODULES}
    ports = {"lti-gateway": gateway_port, "api": api_port}
    running = []
    try:
        for service, port in ports.items():
            os.environ |= {"MYDOCKER_SERVICE_KEY": keys[service]}
            os.environ |= {"MYDOCKER_LISTEN_PORT": str(port)}
            command = [sys.executable, "-m", MODULES[service]]
            log = (folder / f"{service}.log").open("w")
            subprocess.run([*command, "migrate"], check=True, stdout=log, stderr=log)
            running.append(subprocess.Popen([*command, "serve"], stdout=log, stderr=log))
        for process, port in zip(running, ports.values(), strict=True):
            await_listening(process, port)
        yield tool
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def own_key(folder: Path, service: str) -> str:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"mydocker-{service}.pem").write_bytes(public)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when this process, and no other, listens on its port."""
    ends = time.monotonic() + PATIENCE
    while not is_listener(process.pid, port):
        assert process.poll() is None, f"process {process.pid} ended with {process.returncode}"
        assert time.monotonic() < ends, f"process {process.pid} does not listen on {port}"
        time.sleep(0.1)


def add_platform(platform: FakePlatform) -> None:
    """As an operator does, by the command."""
    command = [sys.executable, "-m", "mydocker_lti.commands", "platforms", "add", "--allow-http"]
    options = {
        "--issuer": platform.issuer,
        "--client-id": platform.client_id,
        "--authorization-url": platform.authorization_url,
        "--token-url": f"{platform.issuer}/token",
        "--jwks-url": platform.jwks_url,
        "--deployment": platform.deployment_id,
    }
    words = [value for pair in options.items() for value in pair]
    subprocess.run([*command, *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main())
