"""A person at the LMS and in the tool, over the same HTTP as a browser, without its scripts."""

import threading
import time
from collections.abc import Mapping
from html.parser import HTMLParser
from json import loads
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from deploy.machine.failures import CannotStart, doing
from deploy.machine.instance import Instance

_HOPS = 12
_TOKEN_SECONDS = 480.0
"""Access tokens live ten minutes; they are refreshed in time."""
_NEVER = float("-inf")
"""Zero is no "never": the monotonic clock counts from the machine's start."""


class _Page(HTMLParser):
    """The first form of a page with its hidden fields, and data attributes by element id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = attributes.get("action", "")
        elif tag == "input" and "name" in attributes:
            self.fields.setdefault(attributes["name"], attributes.get("value", ""))
        if "id" in attributes and "data-items" in attributes:
            self.data[attributes["id"]] = attributes["data-items"]


class CampusUser:
    """One person of the demo's campus, by the name in the LMS's addresses."""

    def __init__(self, instance: Instance, slug: str) -> None:
        self._lms, self._app = instance.lms_origin, instance.app_origin
        self._campus = f"{self._lms}/as/{slug}"
        self._http = httpx.Client(
            trust_env=False, timeout=30, follow_redirects=False, headers={"Accept-Language": "en"}
        )
        self._cookies: dict[str, dict[str, str]] = {}
        self._token, self._token_at = "", _NEVER
        self._landing: dict[str, Any] = {}
        self._launch: str | None = None
        """Where this person entered last."""
        self._renewing = threading.RLock()
        """Two refreshes at once look like a stolen refresh token, and end the web session."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def api(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """A call with my access token; the parsed answer."""
        return self._call(method, path, body, query, {})

    def edit(self, method: str, path: str, body: Any = None) -> Any:
        """Change or remove the resource at `path`, in the version that is current."""
        version = {"If-Match": str(self.api("GET", path)["etag"])}
        return self._call(method, path, body, {}, version)

    def _call(
        self, method: str, path: str, body: Any, query: dict[str, Any], more: dict[str, str]
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **more}
        url = f"{self._app}{path}"
        with doing(f"asking for {method} {path}"):
            response = self._http.request(method, url, json=body, params=query, headers=headers)
        _check(response, f"{method} {path}")
        return response.json() if response.content else None

    @property
    def token(self) -> str:
        """A fresh access token."""
        with self._renewing:
            if time.monotonic() - self._token_at > _TOKEN_SECONDS:
                self._renew()
            return self._token

    def _renew(self) -> None:
        """Refresh the web session as the page does; enter again where it is over."""
        if self._launch is None:
            self.choose_content()
        elif not self._refresh():
            self._enter(self._launch)

    def _refresh(self) -> bool:
        response = self._exchange("POST", f"{self._app}/lti/tokens/refresh", own=True)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return False
        _check(response, "POST /lti/tokens/refresh")
        self._token, self._token_at = str(response.json()["access_token"]), time.monotonic()
        return True

    def sign_out(self) -> None:
        """End this browser's web session."""
        url = f"{self._app}/lti/tokens/revoke"
        self._send("POST", url, own=True)

    def choose_content(self) -> str:
        """Open the tool's picker from the LMS; the id of the request that waits for a choice."""
        self._enter(f"{self._campus}/content/launch")
        return str(self._landing.get("deep_linking_id", ""))

    def enter_activity(self, number: str) -> str:
        """Open an activity of the course space; the id of its Course."""
        self._enter(f"{self._campus}/launch/{number}")
        return str(self._landing["course_id"])

    def course_page(self) -> str:
        """The LMS's page of the course space."""
        return self._send("GET", f"{self._campus}/").text

    def publish(self, course_id: str) -> None:
        """Publish a Course: select it in the picker, then save the LMS's form."""
        waiting = self.choose_content()
        body = {"course_ids": [course_id], "grade_column": False}
        reply = self.api("POST", f"/lti/deep-linking/{waiting}", body)
        handed_back = self._send("POST", reply["return_url"], {"JWT": reply["jwt"]})
        items = _Page(handed_back.text).data["returned"]
        form = _Page(self._send("GET", f"{self._campus}/activities/new").text)
        item = loads(items)[0]
        filled = {"items": items, "title": item["title"], "text": item["text"]}
        fields = {**form.fields, **filled}
        self._send("POST", urljoin(self._lms, form.action or ""), fields)

    def _enter(self, url: str) -> None:
        """Follow a launch as far as the application, and take the ticket there."""
        response = self._send("GET", url)
        for _ in range(_HOPS):
            location = response.headers.get("location", "")
            if "#ticket=" in location:
                self._use_ticket(location.split("#ticket=", 1)[1])
                self._launch = url
                return
            page = _Page(response.text) if not location else None
            if page is not None and page.action is None:
                break
            target = urljoin(str(response.url), location or (page.action if page else "") or "")
            response = self._send("POST" if page else "GET", target, page.fields if page else None)
        raise CannotStart(f"the demo's launch ended at {response.url} ({response.status_code}).")

    def _use_ticket(self, ticket: str) -> None:
        """Only the browser that launched may: its cookie goes along."""
        url = f"{self._app}/lti/tickets"
        admitted = self._send("POST", url, json={"ticket": ticket}).json()
        self._token, self._token_at = str(admitted["access_token"]), time.monotonic()
        self._landing = dict(admitted["landing"])

    def _send(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        *,
        own: bool = False,
    ) -> httpx.Response:
        """One request of a page that must succeed."""
        response = self._exchange(method, url, form, json, own=own)
        _check(response, f"{method} {url}")
        return response

    def _exchange(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        *,
        own: bool = False,
    ) -> httpx.Response:
        """One request of a page, with this site's cookies. (Cookies marked `Secure` go to
        http://localhost as well, as browsers have it.)"""
        address = urlsplit(url)
        jar = self._cookies.setdefault(address.netloc, {})
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        if own:
            headers["X-MyDocker"] = "1"
        with doing(f"asking {address.netloc} for {method} {address.path}"):
            response = self._http.request(method, url, data=form, json=json, headers=headers)
        for header in response.headers.get_list("set-cookie"):
            name, _, value = header.split(";", 1)[0].partition("=")
            jar[name.strip()] = value.strip()
        return response


def _check(response: httpx.Response, what: str) -> None:
    if response.is_error:
        raise CannotStart(f"{what} was refused ({response.status_code}): {response.text[:300]}")
