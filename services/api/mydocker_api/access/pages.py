"""Small pages for a browser that may not pass: what is the matter, and what to do."""

from html import escape

from ..domain.edge.routing import ASLEEP, Refusal

STATUSES = {
    Refusal.UNKNOWN: 404,
    Refusal.SIGN_IN: 401,
    Refusal.NOT_YOURS: 403,
    Refusal.FOREIGN_ORIGIN: 403,
    Refusal.QUEUED: 503,
    Refusal.STARTING: 503,
    Refusal.STOPPED: 503,
    Refusal.FAILED: 503,
    Refusal.NOT_KNOWN_YET: 503,
    Refusal.DATABASE_AWAY: 503,
}
STATE = "X-MyDocker-State"
"""Header of every 503 of ours: a waiting page loads again when it changes or is gone."""
SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_LOOKS_EVERY = {
    Refusal.NOT_KNOWN_YET: 1000,
    Refusal.STARTING: 1000,
    Refusal.QUEUED: 3000,
    Refusal.STOPPED: 3000,
    Refusal.FAILED: 3000,
}
"""Milliseconds. A page that waits for something nobody may ever start must cost little."""
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
        Refusal.QUEUED: (
            "Your environment waits for room",
            "It starts by itself as soon as there is room, and this page then opens it. "
            "Your course shows your place in the line.",
        ),
        Refusal.STARTING: (
            "Your environment is starting",
            "This page opens it as soon as it answers. Your course shows each step.",
        ),
        Refusal.STOPPED: (
            "Your environment is stopped",
            "Your course says what was kept and lets you start it again. "
            "This page then opens it by itself.",
        ),
        Refusal.FAILED: (
            "Your environment has stopped because of an error",
            "Your course says what happened, what was kept, and lets you start it again. "
            "This page then opens it by itself.",
        ),
        Refusal.NOT_KNOWN_YET: (
            "One moment, please",
            "The platform has just restarted. Your environment goes on running.",
        ),
        Refusal.DATABASE_AWAY: (
            "Back in a moment",
            "The platform’s database does not answer. Your environment goes on running: "
            "open it again from your course in a few seconds.",
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
        Refusal.QUEUED: (
            "Votre environnement attend de la place",
            "Il démarre de lui-même dès qu’il y a de la place, et cette page l’ouvre alors. "
            "Votre cours indique votre rang dans la file.",
        ),
        Refusal.STARTING: (
            "Votre environnement démarre",
            "Cette page l’ouvre dès qu’il répond. Votre cours montre chaque étape.",
        ),
        Refusal.STOPPED: (
            "Votre environnement est arrêté",
            "Votre cours dit ce qui est conservé et permet de le redémarrer. "
            "Cette page l’ouvrira alors d’elle-même.",
        ),
        Refusal.FAILED: (
            "Votre environnement s’est arrêté à cause d’une erreur",
            "Votre cours dit ce qui s’est passé, ce qui est conservé, et permet de le redémarrer. "
            "Cette page l’ouvrira alors d’elle-même.",
        ),
        Refusal.NOT_KNOWN_YET: (
            "Un instant, s’il vous plaît",
            "La plateforme vient de redémarrer. Votre environnement continue de fonctionner.",
        ),
        Refusal.DATABASE_AWAY: (
            "De retour dans un instant",
            "La base de données de la plateforme ne répond pas. Votre environnement continue de "
            "fonctionner : rouvrez-le depuis votre cours dans quelques secondes.",
        ),
    },
}
_STEP = {
    "en": {True: "Start it again", False: "Go to my course"},
    "fr": {True: "Le redémarrer", False: "Aller à mon cours"},
}
"""The link to the window, by whether there is something to start there."""
_AGAIN = """
<script>
const look = () => fetch(location, {{ method: "HEAD", cache: "no-store" }}).catch(() => null)
  .then((answer) => answer && answer.headers.get("{header}") !== "{state}"
    ? location.replace(location) : setTimeout(look, {every}))
setTimeout(look, {every})
</script>
<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>"""
"""A page that reloads is read out from its beginning each time: it looks first."""
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">{again}
<title>{title}</title><style>
:root {{ color-scheme: light dark; --ink: #1d2129; --paper: #fff; --deed: #1a56c4; --on: #fff }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e8eaed; --paper: #18181d; --deed: #8ab4f8; --on: #18181d }} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: var(--paper);
  color: var(--ink) }}
main {{ max-width: 34rem; margin: 0 auto; padding: clamp(2rem, 14vh, 9rem) 1.5rem 2rem }}
h1 {{ font-size: 1.375rem; line-height: 1.3; margin: 0 0 .75rem }}
p {{ margin: 0 0 1.25rem }}
a {{ display: inline-block; padding: .625rem 1.125rem; border-radius: .5rem; font-weight: 600;
  text-decoration: none; background: var(--deed); color: var(--on) }}
a:focus-visible {{ outline: 3px solid var(--ink); outline-offset: 2px }}
</style></head><body><main><h1>{title}</h1><p>{text}</p>{step}</main></body></html>
"""


def page(refusal: Refusal, accept_language: str, window: str | None = None) -> str:
    """The page of a refusal, in French or English; `window` is where its owner starts it."""
    language = language_of(accept_language)
    title, text = _TEXTS[language][refusal]
    return _PAGE.format(
        language=language,
        again=_again(refusal),
        title=escape(title),
        text=escape(text),
        step=_step(refusal, language, window),
    )


def _again(refusal: Refusal) -> str:
    every = _LOOKS_EVERY.get(refusal)
    if every is None:
        return ""
    return _AGAIN.format(
        header=STATE, state=refusal.value, every=every, seconds=max(2, every // 1000)
    )


def _step(refusal: Refusal, language: str, window: str | None) -> str:
    if window is None or refusal not in ASLEEP:
        return ""
    starts = refusal in (Refusal.STOPPED, Refusal.FAILED)
    words = escape(_STEP[language][starts])
    # A tab of its own: this one waits, and opens the environment once it is there.
    return f'<a href="{escape(window)}" target="_blank" rel="noopener">{words}</a>'


def language_of(accept_language: str) -> str:
    """The first of our languages that the browser names; English otherwise."""
    for part in accept_language.split(","):
        wanted = part.strip()[:2].lower()
        if wanted in _TEXTS:
            return wanted
    return "en"
