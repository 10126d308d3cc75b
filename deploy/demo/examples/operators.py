"""The demo's operator: made by the same command as a real one, and let in by its links."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from deploy.demo.programs import services
from deploy.machine.commands import run
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance

NAME = "Demo operator"
_WHO = ("--name", NAME, "--issuer", "urn:mydocker:demo", "--subject", "operator")


def make(instance: Instance) -> None:
    """See that there is an operator; the second time changes nothing."""
    link(instance)


def link(instance: Instance) -> str:
    """A fresh address that lets the operator in, once."""
    said = run(
        [sys.executable, "-m", "mydocker_lti.commands", "admin", "--json", "create", *_WHO],
        why="the demo's operator could not be made",
        environment={**os.environ, **services.environment(instance, "lti-gateway", "")},
    )
    return str(json.loads(said.splitlines()[-1])["link"])


@contextmanager
def signed_in(
    instance: Instance, make_link: Callable[[], str] | None = None
) -> Iterator[httpx.Client]:
    """A client of the application's API that speaks for the operator, for ten minutes.

    `make_link` makes its link somewhere else: where services run in containers.
    """
    address = make_link() if make_link else link(instance)
    secret = urlsplit(address).fragment.removeprefix("link=")
    with httpx.Client(base_url=instance.app_origin, trust_env=False, timeout=30) as http:
        answer = http.post("/lti/entry-links", json={"link": secret}, headers={"X-MyDocker": "1"})
        if answer.is_error:
            raise CannotStart(f"the demo's operator was not let in: {answer.text[:300]}")
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        http.cookies.clear()
        yield http
