"""Two pages that use the storage of the platform's page where the browser keeps no cookie.

The first stores the browser secret of a login before the browser goes to the platform; the second
reads it back and posts it with the platform's answer (LTI Client Side postMessages, OIDC login
with LTI client side storage). Both work by `web/templates/browser.js`.
"""

from collections.abc import Mapping, Sequence

from ..domain.entry_context import Retry
from ..domain.launches.platform_storage import PlatformStorage
from ..web.framing import frame_ancestors
from ..web.pages import OWN_SCRIPT, SCRIPT, page_headers, render
from ..web.texts import WORDS


def headers(origins: Sequence[str]) -> dict[str, str]:
    """Our own script and style only. The referrer stays on this origin: forms send `Origin`."""
    scripts = f"{OWN_SCRIPT}; form-action 'self'"
    return {**page_headers(frame_ancestors(origins), scripts), "Referrer-Policy": "same-origin"}


def store_secret_page(storage: PlatformStorage, secret: str, next_url: str, language: str) -> str:
    """Stores `secret` in the platform's page, then goes on to `next_url`."""
    data = {"task": "keep", "value": secret, "next": next_url, **_attributes(storage)}
    return _page("keep_secret", language, data, next_url=next_url)


def prove_browser_page(
    fields: Mapping[str, str],
    storage: PlatformStorage | None,
    origin: str,
    again: Retry | None,
    language: str,
) -> str:
    """Posts the platform's answer again, with the secret that its page stored.

    Without `storage` the login named none: the page asks the platform's page for its capabilities
    and, where it offers storage, begins the login again with it, if `again` says how.
    """
    data = {"task": "prove", "origin": origin, **(_attributes(storage) if storage else {})}
    login = None
    if again is not None and storage is None:
        login = Retry(again.action, again.method, {"lti_storage_target": "", **again.fields})
    answer = {"storage_access": "", "storage_proof": "", **fields}
    return _page("prove_browser", language, data, fields=answer, login=login)


def _attributes(storage: PlatformStorage) -> dict[str, str]:
    """The `data-` attributes that tell the script where the secret is stored."""
    return {"frame": storage.frame, "origin": storage.origin, "key": storage.key}


def _page(name: str, language: str, data: Mapping[str, str], **values: object) -> str:
    words = WORDS[language]
    return render(
        f"launch/templates/{name}.html",
        language,
        words["moment"],
        script=SCRIPT,
        words=words,
        data=data,
        **values,
    )
