"""The two pages of a registration: what would be registered, and what to do once it is."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from mydocker_kit.contracts.platforms import PlatformState

from ..domain.addresses import origin
from ..web.framing import frame_ancestors
from ..web.templates import STYLE, page_headers
from .dynamic_registration import Asked, Joined, Offer
from .texts import PAGES

_SCRIPT = (Path(__file__).parent / "closing.js").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def headers(asked: Asked) -> dict[str, str]:
    """Only the page of the platform that registers may show ours."""
    framers = [asked.framer] if asked.framer else []
    return page_headers(
        frame_ancestors(framers), f"script-src 'sha256-{_HASH}'; form-action 'self'"
    )


def offer_page(asked: Asked, offer: Offer, language: str) -> str:
    """What will be registered, and the button."""
    words, said = PAGES[language], offer.configuration
    host = (origin(said.issuer) or said.issuer).partition("://")[2]
    facts = [(words["platform"], said.issuer)]
    if said.product:
        facts.append((words["product"], said.product))
    fields = {
        "invitation": asked.invitation,
        "openid_configuration": asked.configuration,
        "registration_token": asked.token,
    }
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return _page(
        language,
        words["title"],
        f"<p>{escape(words['intro'].format(platform=host, label=offer.label))}</p>"
        f"<dl>{''.join(f'<dt>{escape(term)}</dt><dd>{escape(text)}</dd>' for term, text in facts)}"
        f"</dl><h2>{escape(words['may'])}</h2>"
        f"{_list('ul', (words[name] for name in ('launch', 'roster', 'grades')))}"
        f'<form method="post" action="register">{hidden}'
        f"<fieldset><legend>{escape(words['shares'])}</legend>"
        f"{_choice('names', words, checked=True)}{_choice('mail', words, checked=False)}</fieldset>"
        f"<p>{escape(words['after'])}</p>"
        f'<p><button class="main">{escape(words["register"])}</button></p></form>',
    )


def closing_page(asked: Asked, joined: Joined, language: str) -> str:
    """What to do next; the button hands the frame back to the platform's page."""
    words, is_moodle = PAGES[language], joined.configuration.is_moodle
    steps = [words["close_step"], words["activate_moodle" if is_moodle else "activate"]]
    if joined.platform.state is PlatformState.PENDING:
        steps.append(words["approve"])
    if not joined.has_deployment:
        steps.append(words["deployment"])
    if is_moodle:
        steps.append(words["chooser_moodle"])
    home = escape(asked.framer or "")
    return _page(
        language,
        words["done"],
        f"<p>{escape(words['left'])}</p>{_list('ol', steps)}"
        f'<p><button type="button" id="done" class="main" data-origin="{home}" hidden>'
        f"{escape(words['close'])}</button></p>",
        f"<script>{_SCRIPT}</script>",
    )


def _choice(name: str, words: Mapping[str, str], *, checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<p><label><input type="checkbox" name="{name}" value="1"{mark}> '
        f"{escape(words[name])}</label></p>"
    )


def _list(kind: str, items: Iterable[str]) -> str:
    return f"<{kind}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{kind}>"


def _page(language: str, title: str, content: str, script: str = "") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{content}</main>{script}</body></html>"
    )
