"""The engine's HTTP API over its socket, as far as setting up a machine needs it.

The synchronous face of `mydocker_kit.docker`: versions and errors are the kit's
(docs/decisions/0018-one-docker-client.md).
"""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Self

import httpx

from mydocker_kit.docker.errors import EngineError, error_of
from mydocker_kit.docker.versions import Negotiated, UnusableEngine, negotiate

from .failures import CannotStart

_UNIX = "unix://"


class Docker:
    """One engine on this machine."""

    def __init__(self, url: str, seconds: float = 20.0) -> None:
        if not url.startswith(_UNIX):
            raise CannotStart(
                f"DOCKER_HOST is {url}, but the demo needs an engine on this machine: unset it."
            )
        self.url = url
        transport = httpx.HTTPTransport(uds=url.removeprefix(_UNIX))
        self._http = httpx.Client(transport=transport, base_url="http://engine", timeout=seconds)
        self._agreed: Negotiated | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def agreed(self) -> Negotiated:
        """Its version and the API version to speak with it, asked for once per connection."""
        if self._agreed is None:
            response = self._http.get("/version")
            if response.is_error:
                _parsed(response)
            try:
                self._agreed = negotiate(response.content, self.url)
            except UnusableEngine as error:
                raise CannotStart(str(error)) from error
        return self._agreed

    def _path(self, path: str) -> str:
        return f"/{self.agreed.api.path}{path}"

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One request; the parsed answer, None where there is none."""
        response = self._http.request(method, self._path(path), json=body, params=query)
        return _parsed(response)

    def send(self, method: str, path: str, headers: Mapping[str, str], **query: Any) -> str:
        """One request with headers of its own; the answer as it came."""
        response = self._http.request(method, self._path(path), headers=dict(headers), params=query)
        return response.text if response.is_success else str(_parsed(response))

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def raw(self, path: str, /, **query: Any) -> bytes:
        """The answer as bytes: a container's output."""
        response = self._http.get(self._path(path), params=query)
        if response.is_error:
            _parsed(response)
        return response.content

    def exists(self, path: str) -> bool:
        try:
            self.get(path)
        except EngineError as error:
            if error.status == 404:
                return False
            raise
        return True

    def follow(
        self, path: str, content: BinaryIO | bytes | None = None, seconds: float = 600, **query: Any
    ) -> Iterator[dict[str, Any]]:
        """A long request that reports as it goes (pull, build, import)."""
        headers = {"Content-Type": "application/x-tar"}
        with self._http.stream(
            "POST",
            self._path(path),
            content=content,
            params=query,
            headers=headers,
            timeout=seconds,
        ) as response:
            if response.is_error:
                response.read()
                _parsed(response)
            for line in response.iter_lines():
                message: dict[str, Any] = json.loads(line) if line.strip() else {}
                if "error" in message:
                    raise EngineError(str(message["error"]), 500)
                yield message

    def answers(self) -> bool:
        """Whether the engine is there and well."""
        with socket.socket(socket.AF_UNIX) as probe:
            is_there = probe.connect_ex(self.url.removeprefix(_UNIX)) == 0
        try:
            if is_there and self._http.get("/_ping", timeout=3.0).is_success:
                return True
        except httpx.HTTPError:
            pass
        self._agreed = None  # it may come back as another version
        return False

    def await_answer(self, seconds: float) -> bool:
        """Whether the engine answered within `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.05)
        return False


def _parsed(response: httpx.Response) -> Any:
    if response.is_error:
        raise error_of(response.status_code, response.content)
    if not response.content:
        return None
    kind = response.headers.get("content-type", "")
    return response.json() if kind.startswith("application/json") else response.text
