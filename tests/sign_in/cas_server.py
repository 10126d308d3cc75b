"""A small CAS server: tickets work once and for a single service."""

import secrets
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse

_OPEN = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">'


@dataclass
class CasServer:
    """The logged-in person and the issued tickets."""

    person: str = "ada"
    tickets: dict[str, tuple[str, str]] = field(default_factory=dict)
    asks_again: bool = True
    """Whether `renew` makes it ask for credentials again."""
    force_reauth: set[str] = field(default_factory=set)
    body: str | None = None
    """Fixed answer to a validation, instead of the normal one."""

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/cas/login")
        async def login(service: str, renew: str = "") -> Response:
            ticket = f"ST-{secrets.token_hex(16)}"
            if renew == "true" and self.asks_again:
                self.force_reauth.add(ticket)
            self.tickets[ticket] = (service, self.person)
            glue = "&" if "?" in service else "?"
            return RedirectResponse(f"{service}{glue}{urlencode({'ticket': ticket})}", 302)

        @app.get("/cas/p3/serviceValidate")
        async def validate(service: str, ticket: str, renew: str = "") -> Response:
            if renew == "true" and ticket not in self.force_reauth:
                self.tickets.pop(ticket, None)
            body = self.body or self._answer(service, ticket)
            return Response(body, media_type="application/xml")

        return app

    def _answer(self, service: str, ticket: str) -> str:
        wanted, person = self.tickets.pop(ticket, (None, ""))
        if wanted != service:
            code = "INVALID_TICKET" if wanted is None else "INVALID_SERVICE"
            answer_xml = f'<cas:authenticationFailure code="{code}">no</cas:authenticationFailure>'
            return f"{_OPEN}{answer_xml}</cas:serviceResponse>"
        who = escape(person)
        answer_xml = (
            f"<cas:authenticationSuccess><cas:user>{who}</cas:user><cas:attributes>"
            f"<cas:displayName>{who.title()} Lovelace</cas:displayName>"
            f"<cas:mail>{who}@school.example</cas:mail>"
            "</cas:attributes></cas:authenticationSuccess>"
        )
        return f"{_OPEN}{answer_xml}</cas:serviceResponse>"
