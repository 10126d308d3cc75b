"""Lists at the size of a university, through the real api over HTTP and PostgreSQL.

`python -m tests.benchmarks.lists`. 4,000 people, 1,000 Courses that the caller sees all of, 20,000
sessions and what goes with them (`tests.support.university`).
Prints p50 and p95 of each list, the processor time of a request (median: loops that run now and
then do not count), and that of the check of an API token; one request at a time. Client and server
share a process, so the figures include the client's part. PostgreSQL is set as the product sets it.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
from cryptography.fernet import Fernet
from pydantic import SecretStr

from mydocker_api.auth.api_tokens import ApiTokens
from mydocker_api.main import build
from mydocker_api.settings import Settings
from mydocker_kit.clock import utc_now
from mydocker_kit.observability.logging import configure_logging
from mydocker_kit.postgres import migrations
from mydocker_kit.postgres.db import Sessions
from mydocker_kit.tokens import ServiceTrust
from tests.conftest import ROOT, ServiceKeys, make_keys
from tests.support.fakes.builder import FakeBuilder
from tests.support.fakes.gateway import FakeGateway
from tests.support.fakes.orchestrator import FakeOrchestrator
from tests.support.postgresql import server
from tests.support.serving import serving
from tests.support.university.ids import id_of
from tests.support.university.plant import new_api_token, plant

PROMISE = 0.050
"""Seconds: p95 of each list."""
AS_INSTALLED = {"jit": "off"}
"""Of PostgreSQL: deploy/postgres/entrypoint.sh."""
TOKEN_PROMISE = 0.0002
"""Seconds of processor: the check of a token."""
LISTS = (
    "/api/sessions?page_size=1&search=nothing",  # what any list costs
    "/api/courses",
    "/api/courses?page_size=200",
    "/api/courses?search=Lab+19&sort=title",
    "/api/courses?page=20&page_size=50",
    "/api/sessions",
    "/api/sessions?page=100&page_size=200",
    "/api/sessions?search=Lab+19",
    "/api/courses/{course}/sessions",
    "/api/courses/{course}/people",
    "/api/images",
    "/api/images?search=image+9",
    "/api/environments",
    "/api/environments?state=stopped",
    "/api/people",
    "/api/people?page=70&page_size=50",
    "/api/people?search=person+39",
    "/api/people?kind=operators",
    "/api/capacity-requests",
    "/api/root-approvals",
)


def main() -> int:
    configure_logging("benchmark", "WARNING")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60, help="requests of each list")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="mydocker-bench-") as folder,
        server(Path(folder) / "postgresql", AS_INSTALLED) as database,
    ):
        database.run("CREATE DATABASE lists")
        migrations.upgrade(ROOT / "services/api/migrations", database.url("lists"))
        return asyncio.run(measure(database.url("lists"), Path(folder), asked.requests))


async def measure(url: str, folder: Path, requests: int) -> int:
    """The token, then each list: 0 where all promises are kept."""
    began = time.perf_counter()
    planted = await plant(url, utc_now())
    secret = await new_api_token(url, utc_now())
    print(f"{sum(planted.values()):,} rows planted in {time.perf_counter() - began:.1f} s")
    async with api(url, make_keys(folder / "keys")) as (address, sessions):
        headers = {"Authorization": f"Bearer {secret}"}
        slow = 0 + await measure_token(sessions, secret)
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as http:
            await thirty_courses(http)
            for path in LISTS:
                slow += await measure_list(http, path.format(course=id_of("course", 0)), requests)
        return 1 if slow else 0


async def measure_list(http: httpx.AsyncClient, path: str, requests: int) -> bool:
    """Whether the list is slower than it may be."""
    seconds, processor = [], []
    for number in range(requests + 3):
        began, used = time.perf_counter(), time.process_time()
        answer = await http.get(path)
        spent, used = time.perf_counter() - began, time.process_time() - used
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
        if number >= 3:  # connections are open, statements prepared
            seconds.append(spent)
            processor.append(used)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    total = answer.json()["total"]
    middle, used = statistics.median(seconds), statistics.median(processor)
    resource, _, query = path.partition("?")
    times = f"p50 {middle * 1e3:6.1f}  p95 {p95 * 1e3:6.1f}  processor {used * 1e3:5.1f} ms"
    print(f"{resource[:24]:24} {query:26} of {total:6,}  {times}")
    return p95 > PROMISE


async def measure_token(sessions: Sessions, secret: str) -> bool:
    """Whether checking a token costs more processor time than it may."""
    tokens, now, times = ApiTokens(sessions), utc_now(), 20_000
    await tokens.check(secret, now)
    began = time.process_time()
    for _ in range(times):
        await tokens.check(secret, now)
    spent = (time.process_time() - began) / times
    print(f"check of a token: {spent * 1e6:.0f} us of processor")
    return spent > TOKEN_PROMISE


@asynccontextmanager
async def api(url: str, keys: ServiceKeys) -> AsyncIterator[tuple[str, Sessions]]:
    """The api at work, with fakes of the other services."""

    def trust(name: str) -> ServiceTrust:
        return ServiceTrust.load(name, keys.folder)

    async with AsyncExitStack() as stack:

        async def address_of(fake: FakeOrchestrator | FakeBuilder | FakeGateway) -> str:
            return await stack.enter_async_context(serving(fake.app))

        settings = Settings(
            database_url=SecretStr(url),
            service_key=keys.private["mydocker-api"],
            trusted_service_keys=keys.folder,
            orchestrator_url=await address_of(FakeOrchestrator(trust("mydocker-orchestrator"))),
            builder_url=await address_of(FakeBuilder(trust("mydocker-builder"))),
            lti_url=await address_of(FakeGateway(trust("mydocker-lti-gateway"))),
            app_origin="http://localhost:8000",
            user_content_origin="http://env.localhost:8000",
            vault_keys=SecretStr(Fernet.generate_key().decode()),
            cookie_key=SecretStr("k" * 40),
            requests_per_minute=1_000_000,
            requests_per_address=1_000_000,
            courses_per_person=2_000,
        )
        app = build(settings)
        yield await stack.enter_async_context(serving(app)), app.state.sessions


async def thirty_courses(http: httpx.AsyncClient) -> None:
    """What creating them costs, by one request and by thirty."""
    drafts = [{"title": f"New {number}", "status": "draft"} for number in range(30)]
    began = time.perf_counter()
    (await http.post("/api/courses/bulk", json={"items": drafts})).raise_for_status()
    print(f"30 Courses by one request: {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    for draft in drafts:
        (await http.post("/api/courses", json=draft)).raise_for_status()
    print(f"30 Courses by 30 requests: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    raise SystemExit(main())
