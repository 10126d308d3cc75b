"""Small pages for a browser that may not pass: what is the matter, and what to do."""

from html import escape

from ..domain.routing import Refusal

STATUSES = {
    Refusal.UNKNOWN: 404,
    Refusal.SIGN_IN: 401,
    Refusal.NOT_YOURS: 403,
    Refusal.FOREIGN_ORIGIN: 403,
    Refusal.STARTING: 503,
    Refusal.STOPPED: 503,
    Refusal.NOT_KNOWN_YET: 503,
}
_WAIT = frozenset({Refusal.STARTING, Refusal.NOT_KNOWN_YET})
"""Pages that look again by themselves."""
_TEXTS = {
    "en": {
        Refusal.UNKNOWN: (
            "There is nothing at this address",
            "Open your environment again from your course.",
        ),
        Refusal.SIGN_IN: (
            "Open this again from your course",
            "This link works for a limited time. Go back to your course and choose Open.",
        ),
        Refusal.NOT_YOURS: (
            "This is not your environment",
            "Everybody has an environment of their own. Open yours from your course.",
        ),
        Refusal.FOREIGN_ORIGIN: (
            "This request was not let through",
            "Another page tried to use your environment. Open it from your course.",
        ),
        Refusal.STARTING: (
            "Your environment is starting",
            "This page looks again by itself.",
        ),
        Refusal.STOPPED: (
            "Your environment is stopped",
            "Go back to your course: it says what was kept and when it can be started again.",
        ),
        Refusal.NOT_KNOWN_YET: (
            "One moment, please",
            "The platform has just restarted. Your environment goes on running.",
        ),
    },
    "fr": {
        Refusal.UNKNOWN: (
            "Il n’y a rien à cette adresse",
            "Rouvrez votre environnement depuis votre cours.",
        ),
        Refusal.SIGN_IN: (
            "Rouvrez cette page depuis votre cours",
            "Ce lien est valable un temps limité. Revenez à votre cours et choisissez Ouvrir.",
        ),
        Refusal.NOT_YOURS: (
            "Cet environnement n’est pas le vôtre",
            "Chacun a son propre environnement. Ouvrez le vôtre depuis votre cours.",
        ),
        Refusal.FOREIGN_ORIGIN: (
            "Cette demande n’a pas été transmise",
            "Une autre page a voulu utiliser votre environnement. Ouvrez-le depuis votre cours.",
        ),
        Refusal.STARTING: (
            "Votre environnement démarre",
            "Cette page s’actualise toute seule.",
        ),
        Refusal.STOPPED: (
            "Votre environnement est arrêté",
            "Revenez à votre cours : il dit ce qui est conservé et quand vous pourrez redémarrer.",
        ),
        Refusal.NOT_KNOWN_YET: (
            "Un instant, s’il vous plaît",
            "La plateforme vient de redémarrer. Votre environnement continue de fonctionner.",
        ),
    },
}
_AGAIN = """
<script>
const look = () => fetch(location, { method: "HEAD" }).catch(() => null).then((answer) =>
  answer && answer.status !== 503 ? location.reload() : setTimeout(look, 1000))
setTimeout(look, 1000)
</script>
<noscript><meta http-equiv="refresh" content="2"></noscript>"""
"""A page that reloads is read out from its beginning each time: it looks first."""
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>{title}</title><style>
:root {{ color-scheme: light dark; --ink: #1d2129; --paper: #fff }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e8eaed; --paper: #18181d }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: var(--paper);
  color: var(--ink) }}
main {{ max-width: 34rem; margin: 0 auto; padding: clamp(2rem, 14vh, 9rem) 1.5rem 2rem }}
h1 {{ font-size: 1.375rem; line-height: 1.3; margin: 0 0 .75rem }}
p {{ margin: 0 }}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def page(refusal: Refusal, accept_language: str) -> str:
    """The page of a refusal, in French or English."""
    language = language_of(accept_language)
    title, text = _TEXTS[language][refusal]
    again = _AGAIN if refusal in _WAIT else ""
    return _PAGE.format(language=language, again=again, title=escape(title), text=escape(text))


def language_of(accept_language: str) -> str:
    """The first of our languages that the browser names; English otherwise."""
    for part in accept_language.split(","):
        wanted = part.strip()[:2].lower()
        if wanted in _TEXTS:
            return wanted
    return "en"
