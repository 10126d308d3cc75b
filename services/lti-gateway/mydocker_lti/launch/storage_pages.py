"""Two pages of a moment: one keeps the login's secret with the platform, one asks for it again."""

from collections.abc import Mapping, Sequence
from html import escape

from ..domain.platform_storage import PlatformStorage
from ..domain.refusals import Retry
from ..web.framing import frame_ancestors
from ..web.templates import OWN_SCRIPT, SCRIPT, STYLE, page_headers
from ..web.texts import WORDS


def headers(origins: Sequence[str]) -> dict[str, str]:
    """Our own script and style only. The referrer stays within us: forms must name our origin."""
    scripts = f"{OWN_SCRIPT}; form-action 'self'"
    return {**page_headers(frame_ancestors(origins), scripts), "Referrer-Policy": "same-origin"}


def keeping_page(storage: PlatformStorage, secret: str, next_url: str, language: str) -> str:
    """Keep `secret` with the platform, then go on to it."""
    data = {"task": "keep", "value": secret, "next": next_url, **_place(storage)}
    words = WORDS[language]
    button = f'<a class="button" href="{escape(next_url)}">{escape(words["continue"])}</a>'
    return _page(language, data, f"<noscript><p>{button}</p></noscript>")


def proving_page(
    fields: Mapping[str, str],
    storage: PlatformStorage | None,
    origin: str,
    again: Retry | None,
    language: str,
) -> str:
    """Post the platform's answer once more, with what its page kept.

    Without `storage` there was no word of any: the page looks whether there is, and then begins
    the login again with it, if `again` says how.
    """
    data = {"task": "prove", "origin": origin, **(_place(storage) if storage else {})}
    hidden = {"storage_access": "", "storage_proof": "", **fields}
    button = f"<noscript><p><button>{escape(WORDS[language]['continue'])}</button></p></noscript>"
    forms = f'<form id="answer" method="post" action="launch">{_hidden(hidden)}{button}</form>'
    if again is not None and storage is None:
        renewed = _hidden({"lti_storage_target": "", **again.fields})
        forms += f'<form id="again" method="post" action="{escape(again.action)}">{renewed}</form>'
    return _page(language, data, forms)


def _place(storage: PlatformStorage) -> dict[str, str]:
    return {"frame": storage.frame, "origin": storage.origin, "key": storage.key}


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def _page(language: str, data: Mapping[str, str], content: str) -> str:
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    moment = escape(WORDS[language]["moment"])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{moment}</title><style>{STYLE}</style></head><body>"
        f'<main id="task" {attributes}><p role="status">{moment}</p>{content}</main>'
        f"<script>{SCRIPT}</script></body></html>"
    )
