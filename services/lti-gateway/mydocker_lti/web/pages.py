"""HTML pages of the gateway: autoescaped Jinja2 templates, a strict Content-Security-Policy.

Templates lie in the `templates` folder of their feature and extend `web/templates/page.html`.
Pages load nothing: the style and the script of a page are inline and the policy names their
hashes, so text that came from a platform can neither run nor restyle a page.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..domain.entry_context import EntryContext
from ..domain.refusals import EntryRefused
from .framing import frame_ancestors
from .texts import BARRED, SENTENCES, WORDS

_PACKAGE = Path(__file__).parents[1]
_TEMPLATES = Path(__file__).parent / "templates"
_environment = Environment(
    loader=FileSystemLoader(_PACKAGE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def csp_hash(text: str) -> str:
    """The source expression of an inline script or style in a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE = (_TEMPLATES / "page.css").read_text("utf-8")
SCRIPT = (_TEMPLATES / "browser.js").read_text("utf-8")
OWN_SCRIPT = f"script-src {csp_hash(SCRIPT)}"


def render(template: str, language: str, title: str, *, script: str = "", **values: object) -> str:
    """A page from `template`, a path below this package; `script` is a file of ours, not escaped.

    Every other value is escaped.
    """
    return _environment.get_template(template).render(
        language=language,
        title=title,
        style=Markup(STYLE),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        **values,
    )


def page_headers(ancestors: str, scripts: str = "") -> dict[str, str]:
    """Our own style only, shown by the registered platforms only, never cached."""
    policy = ["default-src 'none'", f"style-src {csp_hash(STYLE)}", "base-uri 'none'"]
    return {
        "Content-Security-Policy": "; ".join([*policy, *([scripts] if scripts else []), ancestors]),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def refusal_headers(
    refusal: EntryRefused, entry: EntryContext, origins: Sequence[str]
) -> dict[str, str]:
    """Only a page that offers to open the activity again has a script."""
    scripts = OWN_SCRIPT if entry.retry_for(refusal) else ""
    headers = page_headers(frame_ancestors(origins), scripts)
    return {**headers, "Retry-After": "60"} if refusal.status in (429, 503) else headers


def refusal_page(refusal: EntryRefused, entry: EntryContext, language: str, reference: str) -> str:
    """What happened, what to do, and the reference that an operator can look up."""
    sentence, address = SENTENCES[language][entry.advice(refusal)], refusal.barred
    retry, back = entry.retry_for(refusal), entry.return_url
    message = f"{sentence.title} ({reference})"
    return render(
        "web/templates/refusal.html",
        language,
        sentence.title,
        script=SCRIPT if retry else "",
        sentence=sentence,
        words=WORDS[language],
        address=address,
        address_reason=BARRED[language][address.code] if address else "",
        retry=retry,
        sign_in_url=entry.sign_in_url,
        return_url=_with_message(back, message) if back else None,
        reference=reference,
    )


def _with_message(url: str, message: str) -> str:
    """The platform's return URL with `lti_errormsg`, which the platform shows to the person."""
    parts = urlsplit(url)
    parameter = f"lti_errormsg={quote(message, safe='')}"
    return urlunsplit(
        parts._replace(query=f"{parts.query}&{parameter}" if parts.query else parameter)
    )
