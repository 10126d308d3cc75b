"""The page a refused person sees: nothing loaded, everything escaped, a script where one helps."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from ..domain.addresses import BarredAddress
from ..domain.refusals import EntryRefused, Retry
from .framing import frame_ancestors
from .texts import BARRED, SENTENCES, WORDS

STYLE = """
:root{color-scheme:light dark;--ink:#1d2129;--quiet:#59616e;--paper:#fff;--line:#d9dde3;
--accent:#3b3f9f}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--quiet:#a8b0bd;--paper:#16181d;
--line:#343a45;--accent:#a9b0ff}}
body{margin:0;padding:2rem 1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .75rem}
h2{font-size:1.0625rem;margin:1.25rem 0 .5rem}
p,ul,ol,dl,fieldset{margin:0 0 .75rem}
ul,ol{padding-left:1.5rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere}
fieldset{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem 0}
legend{padding:0 .25rem}
.reference{color:var(--quiet);border-top:1px solid var(--line);padding-top:.75rem;margin-top:1.5rem}
code{font-family:ui-monospace,monospace;color:var(--ink);user-select:all}
button,a.button{display:inline-block;font:inherit;font-weight:600;padding:.5rem 1rem;
border-radius:.5rem;border:1px solid var(--accent);color:var(--accent);background:none;
text-decoration:none;cursor:pointer}
[hidden]{display:none}
button.main{background:var(--accent);color:var(--paper)}
button.quiet{border-color:transparent;font-weight:400}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
"""
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
SCRIPT = (Path(__file__).parent / "browser.js").read_text("utf-8")
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
OWN_SCRIPT = f"script-src 'sha256-{_SCRIPT_HASH}'"


def page_headers(ancestors: str, scripts: str = "") -> dict[str, str]:
    """Our own style only, shown by the registered platforms only, never cached."""
    policy = ["default-src 'none'", f"style-src 'sha256-{STYLE_HASH}'", "base-uri 'none'"]
    return {
        "Content-Security-Policy": "; ".join([*policy, *([scripts] if scripts else []), ancestors]),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def refusal_headers(refusal: EntryRefused, origins: Sequence[str]) -> dict[str, str]:
    """The way out through the browser's own question needs a script; nothing else does."""
    scripts = OWN_SCRIPT if refusal.retry else ""
    kept = page_headers(frame_ancestors(origins), scripts)
    return {**kept, "Retry-After": "60"} if refusal.status in (429, 503) else kept


def refusal_page(refusal: EntryRefused, language: str, reference: str) -> str:
    """One sentence, what to do, and the reference to pass on."""
    sentence, words = SENTENCES[language][refusal.advice], WORDS[language]
    actions = _retry_form(refusal.retry, words) if refusal.retry else ""
    script = f"<script>{SCRIPT}</script>" if refusal.retry else ""
    barred = _barred(refusal.barred, language) if refusal.barred else ""
    if refusal.again:
        label = escape(words["again"])
        actions += f'<p><a class="button" href="{escape(refusal.again)}">{label}</a></p>'
    if refusal.return_url:
        address = _with_message(refusal.return_url, f"{sentence.title} ({reference})")
        actions += f'<p><a class="button" href="{escape(address)}">{escape(words["back"])}</a></p>'
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(sentence.title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(sentence.title)}</h1><p>{escape(sentence.what)}</p>"
        f"{barred}<p>{escape(sentence.do)}</p>{actions}"
        f'<p class="reference">{escape(words["reference"])} <code>{reference}</code></p>'
        f"</main>{script}</body></html>"
    )


def _retry_form(retry: Retry, words: Mapping[str, str]) -> str:
    """One button for a tab of its own; a quiet one, shown by the script, to stay in the frame."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in retry.fields.items()
    )
    return (
        f'<form method="{escape(retry.method)}" action="{escape(retry.action)}" target="_blank" '
        f'rel="noopener">{fields}<p><button>{escape(words["retry"])}</button> '
        f'<button type="button" id="here" class="quiet" hidden>{escape(words["here"])}</button>'
        "</p></form>"
    )


def _barred(address: BarredAddress, language: str) -> str:
    """Which address is not called, why, and what its operator writes to allow it."""
    words = WORDS[language]
    facts = [(words["address"], address.home)]
    if address.named:
        facts.append((words["allow"], f"MYDOCKER_PRIVATE_PLATFORMS={address.named}"))
    listed = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in facts)
    return f"<dl>{listed}</dl><p>{escape(BARRED[language][address.code])}</p>"


def _with_message(url: str, message: str) -> str:
    """The platform's return address, telling it what the person read."""
    parts = urlsplit(url)
    added = f"lti_errormsg={quote(message, safe='')}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
