"""An engine that only lists: thousands of services on many nodes, as bytes made beforehand."""

import asyncio
import contextlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec, PortKind, Resources
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json
from tests.orchestrator.specs import a_port, a_spec

GROUND = ServiceDefaults("bench", "mydocker-open-bench")
IMAGE = "registry.test/course/openssl@sha256:" + "0" * 64
BEGUN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
A_NODE = 4
"""Environments a node holds: then it is full."""


def environment(number: int) -> UUID:
    return UUID(int=number + 1, version=4)


def spec(**given: object) -> EnvironmentSpec:
    values: dict[str, object] = {
        "image": IMAGE,
        "ports": (a_port(), a_port(PortKind.WEB, 8080)),
        "resources": Resources(cpu=0.5, memory_mib=1024),
    }
    return a_spec(**(values | given))


def listings(running: int, nodes: int) -> dict[str, bytes]:
    """What the engine answers to the three questions of a pass."""
    body = {number: service_json(environment(number), spec(), GROUND) for number in range(running)}
    return {
        "services": _bytes([_service(number, service) for number, service in body.items()]),
        "tasks": _bytes([_task(number, service, nodes) for number, service in body.items()]),
        "nodes": _bytes([_node(number) for number in range(nodes)]),
        "version": b'{"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.44"}',
        "info": b'{"Swarm":{"NodeID":"manager"}}',
    }


def _service(number: int, body: dict[str, object]) -> dict[str, object]:
    return {
        "ID": f"service{number:018}",
        "Version": {"Index": 100 + number},
        "CreatedAt": _moment(number),
        "UpdatedAt": _moment(number),
        "Spec": body,
        "Endpoint": {"Spec": body["EndpointSpec"], "Ports": []},
    }


def _task(number: int, body: dict[str, object], nodes: int) -> dict[str, object]:
    spec = body["TaskTemplate"]
    ports = [
        {"Protocol": "tcp", "TargetPort": port, "PublishedPort": 32768 + 2 * number % 20000 + at,
         "PublishMode": "host"}
        for at, port in enumerate((22, 8080))
    ]  # fmt: skip
    return {
        "ID": f"task{number:021}",
        "Version": {"Index": 100 + number},
        "CreatedAt": _moment(number),
        "UpdatedAt": _moment(number),
        "Labels": {},
        "Spec": spec,
        "ServiceID": f"service{number:018}",
        "Slot": 1,
        "NodeID": f"node{number // A_NODE % nodes:021}",
        "Status": {
            "Timestamp": _moment(number),
            "State": "running",
            "Message": "started",
            "ContainerStatus": {
                "ContainerID": f"{number:064}",
                "PID": 1000 + number,
                "ExitCode": 0,
            },
            "PortStatus": {"Ports": ports},
        },
        "DesiredState": "running",
        "NetworksAttachments": [
            {
                "Network": {"ID": "n" * 25, "Spec": {"Name": GROUND.network, "Scope": "swarm"}},
                "Addresses": [f"10.99.{number // 250 % 250}.{number % 250}/22"],
            }
        ],
    }


def _node(number: int) -> dict[str, object]:
    resources = {"NanoCPUs": A_NODE * 500_000_000, "MemoryBytes": A_NODE * 1024 * 2**20}
    return {
        "ID": f"node{number:021}",
        "Version": {"Index": number},
        "CreatedAt": _moment(0),
        "UpdatedAt": _moment(0),
        "Spec": {
            "Labels": {"mydocker.pool": "default", "mydocker.ready": "yes"},
            "Role": "worker",
            "Availability": "active",
        },
        "Description": {
            "Hostname": f"worker{number}",
            "Platform": {"Architecture": "x86_64", "OS": "linux"},
            "Resources": resources,
            "Engine": {"EngineVersion": "28.5.2", "Plugins": []},
        },
        "Status": {"State": "ready", "Addr": f"10.0.{number // 250}.{number % 250}"},
    }


def _moment(number: int) -> str:
    at = BEGUN + timedelta(milliseconds=number)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def _bytes(listed: list[dict[str, object]]) -> bytes:
    return json.dumps(listed, separators=(",", ":")).encode()


async def serve(path: str, answers: dict[str, bytes]) -> None:
    """Answer each GET by the last word of its path, until the process is ended."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"GET"), "nothing moves on this engine"
                name = head.split(b" ", 2)[1].split(b"?")[0].rsplit(b"/", 1)[-1].decode()
                body = answers.get(name, b"{}")
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body)
                )
                writer.write(body)
                await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(talk, path) as server:
        print("listening", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    where, running, nodes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    asyncio.run(serve(str(where), listings(running, nodes)))
