"""HTML pages for refused requests: the reason, and what to do about it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..domain.edge.routing import NOT_RUNNING, Refusal

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
"""Header of our 503 answers: a waiting page reloads when its value changes or is missing."""
SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_POLL_EVERY = {
    Refusal.NOT_KNOWN_YET: 1000,
    Refusal.STARTING: 1000,
    Refusal.QUEUED: 3000,
    Refusal.STOPPED: 3000,
    Refusal.FAILED: 3000,
}
"""Milliseconds between two polls; long where nobody may ever start the environment."""
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
"""The text of the link to the window, by whether the environment can be started there."""
_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("refusal.html")


def page(refusal: Refusal, accept_language: str, window: str | None = None) -> str:
    """The page of a refusal, in French or English; `window` is where its owner starts it."""
    language = language_of(accept_language)
    title, text = _TEXTS[language][refusal]
    every = _POLL_EVERY.get(refusal)
    return _TEMPLATE.render(
        language=language,
        title=title,
        text=text,
        header=STATE,
        state=refusal.value,
        every=every,
        seconds=max(2, (every or 0) // 1000),
        window=window if refusal in NOT_RUNNING else None,
        step=_STEP[language][refusal in (Refusal.STOPPED, Refusal.FAILED)],
    )


def language_of(accept_language: str) -> str:
    """The first of our languages that the browser names; English otherwise."""
    for part in accept_language.split(","):
        wanted = part.strip()[:2].lower()
        if wanted in _TEXTS:
            return wanted
    return "en"
