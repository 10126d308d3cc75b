"""The services: the settings of each, its migrations, and when it can do its work."""

import contextlib
import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from deploy.demo.engines import build_engine
from deploy.machine.commands import run
from deploy.machine.failures import CannotStart
from deploy.machine.instance import ROOT, Instance
from deploy.machine.keys import Keys
from deploy.machine.network.ports import LOOPBACK
from deploy.machine.processes import Program, Supervisor

from . import folders, registry

_READY_SECONDS = 300.0
"""Importing one service alone took 12 s on a machine with seven others at work. A program that
ended for good is noticed at once."""


@dataclass(frozen=True)
class Service:
    """One of ours: its package, its name in the table of ports, its role in the database if any."""

    name: str
    package: str
    port: str
    role: str | None


SERVICES = (
    Service("orchestrator", "mydocker_orchestrator", "orchestrator", "orchestrator"),
    Service("builder", "mydocker_builder", "builder", "builder"),
    Service("api", "mydocker_api", "api", "api"),
    Service("lti-gateway", "mydocker_lti", "gateway", "lti"),
    Service("bastion", "mydocker_bastion", "bastion", None),
)


def programs(instance: Instance, engine_url: str) -> list[Program]:
    return [_program(instance, service, engine_url) for service in SERVICES]


def _program(instance: Instance, service: Service, engine_url: str) -> Program:
    command = [sys.executable, "-m", service.package, "serve"]
    return Program(service.name, command, environment(instance, service.name, engine_url))


def migrate(instance: Instance, engine_url: str) -> None:
    """Bring every schema to its newest form; each service has its own, so all at once."""
    stateful = [service for service in SERVICES if service.role is not None]
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(_migrate, instance, service, engine_url) for service in stateful]:
            done.result()


def _migrate(instance: Instance, service: Service, engine_url: str) -> None:
    run(
        [sys.executable, "-m", service.package, "migrate"],
        why=f"the migrations of {service.name} failed",
        environment={**os.environ, **environment(instance, service.name, engine_url)},
        seconds=120,
    )


def await_ready(instance: Instance, supervisor: Supervisor) -> None:
    """Return when every service says it can do its work."""
    for service in SERVICES:
        await_success(supervisor, service.name, getattr(instance.ports, service.port))


def await_success(
    supervisor: Supervisor, name: str, port: int, path: str = "/health/ready"
) -> None:
    """Return when this program, and no other, answers there with success."""
    deadline = time.monotonic() + _READY_SECONDS
    with httpx.Client(trust_env=False, timeout=30) as client:
        while time.monotonic() < deadline and not supervisor.gave_up(name):
            with contextlib.suppress(httpx.HTTPError):
                answer = client.get(f"http://{LOOPBACK}:{port}{path}")
                if answer.is_success and supervisor.listens(name, port):
                    return
            time.sleep(0.1)
    raise CannotStart(supervisor.why(name))


def environment(instance: Instance, name: str, engine_url: str) -> dict[str, str]:
    """The settings of one service."""
    service = next(service for service in SERVICES if service.name == name)
    keys = Keys(instance.secrets)
    common = {
        "LISTEN_HOST": LOOPBACK,
        "LISTEN_PORT": str(getattr(instance.ports, service.port)),
        "SERVICE_KEY_FILE": str(keys.service_key(service.name)),
        "TRUSTED_SERVICE_KEYS": str(keys.trusted),
    }
    if service.role is not None:
        common["DATABASE_URL_FILE"] = str(keys.database_url(service.role))
        common["VAULT_KEYS_FILE"] = str(keys.file("vault-keys"))
    settings = {**common, **_own(instance, service.name, engine_url)}
    return {f"MYDOCKER_{name}": value for name, value in settings.items()}


def _own(instance: Instance, service: str, engine_url: str) -> Mapping[str, str]:
    ports = instance.ports
    match service:
        case "orchestrator":
            return {
                "ENGINE_URL": engine_url,
                "PLATFORM_NAME": instance.name,
                "ENVIRONMENT_NETWORK": instance.network,
                "NODE_ADDRESS": LOOPBACK,
                "FOLDER_SOCKET": str(folders.socket(instance)),
            }
        case "builder":
            return {
                "API_URL": f"http://{LOOPBACK}:{ports.api}",
                "BUILD_ENGINE_URL": build_engine.url_of(instance),
                "BUILDX": str(build_engine.client_of(instance)),
                "BUILD_GROUP": str(build_engine.group_of(instance)),
                "BUILD_CGROUP": build_engine.cgroup_of(instance),
                "REGISTRY": registry.address(instance),
            }
        case "api":
            return {
                "ORCHESTRATOR_URL": f"http://{LOOPBACK}:{ports.orchestrator}",
                "BUILDER_URL": f"http://{LOOPBACK}:{ports.builder}",
                "LTI_URL": f"http://{LOOPBACK}:{ports.gateway}",
                "APP_ORIGIN": instance.app_origin,
                "USER_CONTENT_ORIGIN": instance.user_content_origin,
                "COOKIE_KEY_FILE": str(Keys(instance.secrets).file("cookie-key")),
                "CATALOGUE": str(ROOT / "deploy/catalogue"),
                "CATALOGUE_BUILDS": os.environ.get("MYDOCKER_CATALOGUE_BUILDS", "*"),
                "ACCESS_PORT": str(ports.access),
                "SSH_PORT": str(ports.ssh),
                "SSH_HOST_PUBLIC_KEY_FILE": str(Keys(instance.secrets).file("ssh-host-key.pub")),
            }
        case "bastion":
            return {
                "API_URL": f"http://{LOOPBACK}:{ports.api}",
                "SSH_LISTEN_HOST": LOOPBACK,
                "SSH_LISTEN_PORT": str(ports.ssh),
                "SSH_HOST_KEY_FILE": str(Keys(instance.secrets).file("ssh-host-key")),
                "DESKTOP_LISTEN_HOST": LOOPBACK,
                "DESKTOP_LISTEN_PORT": str(ports.desktop),
                "STREAM_LISTEN_HOST": LOOPBACK,
                "STREAM_LISTEN_PORT": str(ports.stream),
            }
        case _:
            return {
                "API_URL": f"http://{LOOPBACK}:{ports.api}",
                "APP_ORIGIN": instance.app_origin,
                "PRIVATE_PLATFORMS": f"{LOOPBACK}:{ports.lms}",
            }
