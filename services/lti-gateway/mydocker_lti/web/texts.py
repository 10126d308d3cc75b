"""French and English texts of the refusal pages."""

from collections.abc import Mapping

from ..domain.refusals import Advice
from .sentences import english, french
from .sentences.sentence import Sentence

FRENCH, ENGLISH = "fr", "en"


WORDS: Mapping[str, Mapping[str, str]] = {
    FRENCH: {
        "reference": "Référence",
        "back": "Revenir au cours",
        "retry": "Ouvrir dans un nouvel onglet",
        "here": "Autoriser les cookies ici",
        "moment": "Un instant : nous vérifions votre entrée…",
        "continue": "Continuer",
        "again": "Reprendre la connexion",
        "address": "Adresse",
        "allow": "Réglage qui l’autorise",
    },
    ENGLISH: {
        "reference": "Reference",
        "back": "Back to the course",
        "retry": "Open in a new tab",
        "here": "Allow cookies here",
        "moment": "One moment: your entry is being checked…",
        "continue": "Continue",
        "again": "Sign in again",
        "address": "Address",
        "allow": "Setting that allows it",
    },
}

SENTENCES: Mapping[str, Mapping[Advice, Sentence]] = {
    FRENCH: french.SENTENCES,
    ENGLISH: english.SENTENCES,
}

BARRED: Mapping[str, Mapping[str, str]] = {
    FRENCH: {
        "address_private": "Cette adresse mène à un réseau privé. L’administrateur de MyDocker "
        "l’autorise par ce réglage, puis redémarre lti-gateway.",
        "address_not_https": "Cette adresse n’est pas en https. Donnez une adresse https à votre "
        "plateforme ; http n’est permis que pour une plateforme sur le serveur de MyDocker, "
        "nommée dans MYDOCKER_PRIVATE_PLATFORMS.",
        "address_with_user": "Cette adresse contient un nom d’utilisateur. Retirez-le.",
        "address_unreadable": "Ce n’est pas une adresse web.",
    },
    ENGLISH: {
        "address_private": "This address leads to a private network. The operator of MyDocker "
        "allows it with this setting, then restarts lti-gateway.",
        "address_not_https": "This address is not https. Give your platform an https address; http "
        "is for a platform on MyDocker's own server, named in MYDOCKER_PRIVATE_PLATFORMS.",
        "address_with_user": "This address holds a user name. Remove it.",
        "address_unreadable": "This is no web address.",
    },
}
"""Why an address is not called and how to allow it, by the code of its flaw."""

CANCELLED = {FRENCH: "Aucun contenu choisi.", ENGLISH: "No content was chosen."}


def language_of(*preferences: str | None) -> str:
    """The first supported language of these locales or Accept-Language headers; else English."""
    for preference in preferences:
        for part in (preference or "").split(",")[:20]:
            language = part.strip().replace("_", "-").split(";")[0].split("-")[0].lower()
            if language in WORDS:
                return language
    return ENGLISH
