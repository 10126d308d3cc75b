"""French and English texts of the refusal pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.refusals import Advice

FRENCH, ENGLISH = "fr", "en"


@dataclass(frozen=True)
class Sentence:
    """A heading, one sentence on what happened, and what to do now."""

    title: str
    what: str
    do: str


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
    FRENCH: {
        Advice.AGAIN: Sentence(
            "Cette page a déjà servi",
            "Une entrée ne sert qu’une fois et pendant dix minutes.",
            "Retournez dans votre cours et ouvrez de nouveau l’activité.",
        ),
        Advice.SETUP: Sentence(
            "Entrée refusée",
            "Votre espace de cours a envoyé une demande que nous ne pouvons pas accepter.",
            "Transmettez la référence ci-dessous à votre enseignant ou au support.",
        ),
        Advice.NO_ROLE: Sentence(
            "Aucun rôle dans ce cours",
            "Votre espace de cours ne vous donne aucun rôle ici.",
            "Demandez à votre enseignant de vous inscrire au cours.",
        ),
        Advice.TEACHERS_ONLY: Sentence(
            "Réservé aux enseignants",
            "Seul un enseignant du cours peut choisir un contenu.",
            "Fermez cette fenêtre et revenez au cours.",
        ),
        Advice.UNSUPPORTED: Sentence(
            "Demande non prise en charge",
            "Votre espace de cours demande une page que nous n’avons pas.",
            "Retournez dans votre cours et ouvrez l’activité elle-même.",
        ),
        Advice.COOKIES: Sentence(
            "Votre navigateur a bloqué l’entrée",
            "Votre navigateur n’a pas gardé le cookie dont cette page a besoin.",
            "Ouvrez l’activité dans un nouvel onglet.",
        ),
        Advice.COOKIES_OFF: Sentence(
            "Votre navigateur refuse tous les cookies",
            "Sans cookie, cette page ne peut pas savoir que c’est bien vous.",
            "Autorisez les cookies pour cette adresse, puis ouvrez de nouveau l’activité.",
        ),
        Advice.BUSY: Sentence(
            "Beaucoup de monde arrive",
            "Trop d’ouvertures ont été demandées en une minute.",
            "Attendez une minute, puis ouvrez de nouveau l’activité.",
        ),
        Advice.AWAY: Sentence(
            "Service momentanément indisponible",
            "Une partie du service ne répond pas.",
            "Attendez une minute, puis ouvrez de nouveau l’activité depuis votre cours.",
        ),
        Advice.CLOCK: Sentence(
            "Entrée arrivée trop tard",
            "L’heure de votre espace de cours et la nôtre ne s’accordent pas.",
            "Ouvrez de nouveau l’activité ; si cela recommence, transmettez la référence.",
        ),
        Advice.LMS_ERROR: Sentence(
            "Votre espace de cours n’a pas confirmé l’entrée",
            "Il a répondu par une erreur.",
            "Retournez dans votre cours, reconnectez-vous et ouvrez de nouveau l’activité.",
        ),
        Advice.LMS_SIGNED_OUT: Sentence(
            "Votre session de cours est terminée",
            "Votre espace de cours ne vous reconnaît plus.",
            "Reconnectez-vous à votre espace de cours, puis ouvrez de nouveau l’activité.",
        ),
        Advice.NO_ENTRY: Sentence(
            "Entrée refusée",
            "Votre compte ne peut pas entrer ici.",
            "Transmettez la référence ci-dessous à votre enseignant ou au support.",
        ),
        Advice.ACCOUNT_OFF: Sentence(
            "Votre compte est désactivé",
            "Un opérateur de la plateforme a désactivé votre compte ; votre travail est conservé.",
            "Demandez au support pourquoi, en lui transmettant la référence ci-dessous.",
        ),
        Advice.SIGN_IN_AGAIN: Sentence(
            "La connexion n’a pas abouti",
            "Elle a été interrompue, a pris plus de dix minutes, ou cette page a déjà servi.",
            "Reprenez la connexion depuis le début.",
        ),
        Advice.SIGN_IN_REFUSED: Sentence(
            "Connexion refusée",
            "Le service de connexion a envoyé une réponse que nous ne pouvons pas accepter.",
            "Réessayez ; si cela recommence, transmettez la référence ci-dessous au support.",
        ),
        Advice.SIGN_IN_AWAY: Sentence(
            "Connexion momentanément impossible",
            "Le service de connexion, ou une partie du nôtre, ne répond pas.",
            "Attendez une minute, puis reprenez la connexion.",
        ),
        Advice.INVITE_AGAIN: Sentence(
            "Cette invitation n’est pas valable",
            "Elle a déjà servi, elle a expiré ou elle a été retirée ; rien n’a été enregistré.",
            "Demandez une nouvelle invitation à l’opérateur de MyDocker.",
        ),
        Advice.REGISTER_AGAIN: Sentence(
            "L’inscription est à reprendre",
            "Votre plateforme n’a pas donné d’autorisation valable : elle ne sert qu’une "
            "fois et pendant une heure.",
            "Fermez cette page, puis recommencez « Ajouter LTI Advantage » avec la même adresse.",
        ),
        Advice.REGISTER_BUSY: Sentence(
            "L’inscription est en cours",
            "Une inscription avec cette invitation vient de commencer.",
            "Attendez une minute, puis recommencez.",
        ),
        Advice.PASTE_THERE: Sentence(
            "Cette adresse est pour votre plateforme",
            "Elle ne s’ouvre pas dans un navigateur : l’invitation est valable et n’a pas servi.",
            "Collez-la dans Moodle : Gérer les outils, URL de l’outil, Ajouter LTI Advantage.",
        ),
        Advice.PLATFORM_SILENT: Sentence(
            "Votre plateforme ne répond pas",
            "Notre serveur n’a pas pu lire l’adresse que votre plateforme lui a donnée.",
            "Transmettez la référence à l’opérateur de MyDocker : il voit l’adresse et peut "
            "l’autoriser.",
        ),
        Advice.PLATFORM_WRONG: Sentence(
            "Votre plateforme ne convient pas",
            "Ce qu’elle dit d’elle-même est incomplet ou vient d’une autre adresse que la sienne.",
            "Transmettez la référence à l’opérateur de MyDocker.",
        ),
        Advice.PLATFORM_REFUSED: Sentence(
            "Votre plateforme a refusé l’inscription",
            "Elle a répondu par une erreur ; rien n’a été enregistré chez nous.",
            "Recommencez ; si cela se répète, transmettez la référence à l’opérateur de MyDocker.",
        ),
        Advice.NOT_APPROVED: Sentence(
            "Pas encore approuvé",
            "Votre espace de cours est relié à MyDocker, mais un opérateur ne l’a pas encore "
            "approuvé.",
            "Attendez qu’un opérateur de MyDocker l’approuve ; transmettez-lui la référence.",
        ),
        Advice.SWITCHED_OFF: Sentence(
            "L’accès depuis cet espace de cours est coupé",
            "Un administrateur de MyDocker l’a coupé ; votre travail est conservé.",
            "Demandez au support pourquoi, en lui transmettant la référence ci-dessous.",
        ),
        Advice.ADDRESS_BARRED: Sentence(
            "L’adresse de votre plateforme n’est pas appelée",
            "Notre serveur n’appelle que des adresses https de l’internet public, et celles que "
            "son opérateur a nommées.",
            "Transmettez ces lignes et la référence à l’opérateur de MyDocker.",
        ),
        Advice.ISSUER_TAKEN: Sentence(
            "Cette identité de plateforme est réservée",
            "Elle désigne un service par lequel des personnes se connectent déjà.",
            "Transmettez la référence à l’opérateur de MyDocker.",
        ),
        Advice.PLATFORM_KNOWN: Sentence(
            "Cette plateforme est déjà connue",
            "Elle donne aujourd’hui d’autres adresses qu’à sa première inscription ; les "
            "anciennes restent valables.",
            "Demandez à l’opérateur de MyDocker de les changer, en lui transmettant la référence.",
        ),
    },
    ENGLISH: {
        Advice.AGAIN: Sentence(
            "This page was already used",
            "An entry works once, and for ten minutes.",
            "Go back to your course and open the activity again.",
        ),
        Advice.SETUP: Sentence(
            "Entry refused",
            "Your course space sent a request that we cannot accept.",
            "Give the reference below to your teacher or to support.",
        ),
        Advice.NO_ROLE: Sentence(
            "No role in this course",
            "Your course space gives you no role here.",
            "Ask your teacher to enrol you in the course.",
        ),
        Advice.TEACHERS_ONLY: Sentence(
            "For teachers only",
            "Only a teacher of the course can choose content.",
            "Close this window and go back to the course.",
        ),
        Advice.UNSUPPORTED: Sentence(
            "Request not supported",
            "Your course space asks for a page that we do not have.",
            "Go back to your course and open the activity itself.",
        ),
        Advice.COOKIES: Sentence(
            "Your browser blocked the entry",
            "Your browser did not keep the cookie that this page needs.",
            "Open the activity in a new tab.",
        ),
        Advice.COOKIES_OFF: Sentence(
            "Your browser refuses all cookies",
            "Without a cookie this page cannot know that it is you.",
            "Allow cookies for this address, then open the activity again.",
        ),
        Advice.BUSY: Sentence(
            "Many people are arriving",
            "Too many openings were asked for within a minute.",
            "Wait a minute, then open the activity again.",
        ),
        Advice.AWAY: Sentence(
            "Temporarily unavailable",
            "A part of the service does not answer.",
            "Wait a minute, then open the activity again from your course.",
        ),
        Advice.CLOCK: Sentence(
            "The entry came too late",
            "The time of your course space and ours do not agree.",
            "Open the activity again; if this comes back, pass on the reference.",
        ),
        Advice.LMS_ERROR: Sentence(
            "Your course space did not confirm the entry",
            "It answered with an error.",
            "Go back to your course, sign in again and open the activity once more.",
        ),
        Advice.LMS_SIGNED_OUT: Sentence(
            "Your course session is over",
            "Your course space no longer recognises you.",
            "Sign in to your course space again, then open the activity.",
        ),
        Advice.NO_ENTRY: Sentence(
            "Entry refused",
            "Your account may not enter here.",
            "Give the reference below to your teacher or to support.",
        ),
        Advice.ACCOUNT_OFF: Sentence(
            "Your account is disabled",
            "An operator of the platform has disabled your account; your work is kept.",
            "Ask support why, and give them the reference below.",
        ),
        Advice.SIGN_IN_AGAIN: Sentence(
            "You are not signed in",
            "Signing in was interrupted, took more than ten minutes, or this page was used before.",
            "Sign in from the beginning.",
        ),
        Advice.SIGN_IN_REFUSED: Sentence(
            "Sign-in refused",
            "The place where you sign in sent an answer that we cannot accept.",
            "Try again; if this comes back, give the reference below to support.",
        ),
        Advice.SIGN_IN_AWAY: Sentence(
            "Signing in is not possible just now",
            "The place where you sign in, or a part of ours, does not answer.",
            "Wait a minute, then sign in again.",
        ),
        Advice.INVITE_AGAIN: Sentence(
            "This invitation is not valid",
            "It was used, it has expired or it was withdrawn; nothing was registered.",
            "Ask the operator of MyDocker for a new invitation.",
        ),
        Advice.REGISTER_AGAIN: Sentence(
            "Please begin the registration again",
            "Your platform gave no valid permission: one works once, and for an hour.",
            "Close this page, then do “Add LTI Advantage” again with the same address.",
        ),
        Advice.REGISTER_BUSY: Sentence(
            "The registration is under way",
            "A registration with this invitation has just begun.",
            "Wait a minute, then try again.",
        ),
        Advice.PASTE_THERE: Sentence(
            "This address is for your platform",
            "It is not opened in a browser: the invitation is valid and was not used.",
            "Paste it in Moodle: Manage tools, Tool URL, Add LTI Advantage.",
        ),
        Advice.PLATFORM_SILENT: Sentence(
            "Your platform does not answer",
            "Our server could not read the address that your platform gave it.",
            "Give the reference to the operator of MyDocker, who sees the address and may "
            "allow it.",
        ),
        Advice.PLATFORM_WRONG: Sentence(
            "Your platform does not fit",
            "What it says of itself is incomplete, or comes from another address than its own.",
            "Give the reference to the operator of MyDocker.",
        ),
        Advice.PLATFORM_REFUSED: Sentence(
            "Your platform refused the registration",
            "It answered with an error; nothing was registered on our side.",
            "Try again; if this comes back, give the reference to the operator of MyDocker.",
        ),
        Advice.NOT_APPROVED: Sentence(
            "Not approved yet",
            "Your course space is connected to MyDocker, but an operator has not approved it yet.",
            "Wait until an operator of MyDocker approves it, and pass on the reference.",
        ),
        Advice.SWITCHED_OFF: Sentence(
            "Access from this course space is switched off",
            "An administrator of MyDocker switched it off; your work is kept.",
            "Ask support why, and pass on the reference below.",
        ),
        Advice.ADDRESS_BARRED: Sentence(
            "The address of your platform is not called",
            "Our server calls https addresses on the open internet, and those that its operator "
            "named.",
            "Give these lines and the reference to the operator of MyDocker.",
        ),
        Advice.ISSUER_TAKEN: Sentence(
            "This identity of a platform is reserved",
            "It names a service by which people sign in already.",
            "Give the reference to the operator of MyDocker.",
        ),
        Advice.PLATFORM_KNOWN: Sentence(
            "This platform is known already",
            "It gives other addresses today than when it registered first; the old ones stay "
            "valid.",
            "Ask the operator of MyDocker to change them, and pass on the reference.",
        ),
    },
}

BARRED: Mapping[str, Mapping[str, str]] = {
    FRENCH: {
        "address_private": "Cette adresse mène à un réseau privé. L’opérateur de MyDocker "
        "l’autorise par ce réglage, puis redémarre lti-gateway.",
        "address_not_https": "Cette adresse n’est pas en https. Donnez une adresse https à votre "
        "plateforme ; http n’est permis que pour une plateforme sur la machine de MyDocker, "
        "nommée dans MYDOCKER_PRIVATE_PLATFORMS.",
        "address_with_user": "Cette adresse contient un nom d’utilisateur. Retirez-le.",
        "address_unreadable": "Ce n’est pas une adresse web.",
    },
    ENGLISH: {
        "address_private": "This address leads to a private network. The operator of MyDocker "
        "allows it with this setting, then restarts lti-gateway.",
        "address_not_https": "This address is not https. Give your platform an https address; http "
        "is for a platform on MyDocker's own machine, named in MYDOCKER_PRIVATE_PLATFORMS.",
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
