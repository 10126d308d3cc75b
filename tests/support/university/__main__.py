"""`python -m tests.support.university`: fill the database of `make dev-api`, or another one."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from deploy.machine.failures import guarded
from deploy.machine.keys import Keys

from mydocker_kit.clock import utc_now
from tests.support.dev.instance import STATE, dev_instance

from .plant import new_api_token, plant, share_with_teachers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=STATE, help="folder of the platform")
    parser.add_argument("--database-url", help="postgresql+asyncpg://…, instead of the folder's")
    asked = parser.parse_args()
    return guarded("tests.support.university", lambda: _fill(asked))


def _fill(asked: argparse.Namespace) -> int:
    url = asked.database_url
    if url is None:
        file = Keys(dev_instance(asked.state).secrets).database_url("api")
        if not file.exists():
            print(f"No database here: {file} is missing. make dev-api starts one.", file=sys.stderr)
            return 1
        url = file.read_text(encoding="utf-8").strip()
    return asyncio.run(_seed(url))


async def _seed(url: str) -> int:
    now, began = utc_now(), time.perf_counter()
    try:
        planted = await plant(url, now)
        teachers = await share_with_teachers(url, now)
        secret = await new_api_token(url, now)
    except OSError as error:
        print(f"The database does not answer: {error}. make dev-api starts it.", file=sys.stderr)
        return 1
    for table, count in planted.items():
        print(f"{count:7,} {table}")
    print(f"in {time.perf_counter() - began:.1f} s; the Courses are shared with:", *teachers)
    print(f"MYDOCKER_TOKEN={secret}   # of Person 0, operator and owner of 200 Courses, 30 days")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
