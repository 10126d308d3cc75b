"""Notices to people, in the language of the environment's owner."""

from enum import StrEnum


class Notice(StrEnum):
    """Why a connection is refused or ends."""

    UNKNOWN = "unknown"
    REFUSED = "refused"
    STARTING = "starting"
    STOPPED = "stopped"
    SILENT = "silent"
    PLATFORM_AWAY = "platform_away"
    GUESSED = "guessed"
    CROWDED = "crowded"
    STRANGER = "stranger"
    ENDED = "ended"
    RESTARTED = "restarted"
    IDLE = "idle"
    SERVICE_RESTARTS = "door_restarts"  # pages (frontend/desktop) know it by this value
    KEY_NEEDS_PASSWORD = "key_needs_password"  # noqa: S105
    OUTSIDE = "outside"
    NO_SHELL = "no_shell"
    SIGNED_OUT = "signed_out"


_TEXTS = {
    "en": {
        Notice.UNKNOWN: "No environment has this name. Copy the command from your course again.",
        Notice.REFUSED: "You were not let in. Copy the command and the password from your course.",
        Notice.STARTING: "Your environment is starting. Connect again in a moment. {url}",
        Notice.STOPPED: "Your environment is stopped. Start it from your course: {url}",
        Notice.SILENT: (
            "Your environment runs, but its SSH server does not answer. Restart it: {url}"
        ),
        Notice.PLATFORM_AWAY: "The platform is restarting. Connect again in a few seconds.",
        Notice.GUESSED: "Too many wrong passwords. Connect again in five minutes.",
        Notice.CROWDED: "Too many connections are open. Close one, then connect again.",
        Notice.STRANGER: (
            "Another SSH server answers in place of your environment's. Restart it: {url}"
        ),
        Notice.ENDED: "Your environment has been stopped. Start it from your course: {url}",
        Notice.RESTARTED: "Your environment has been restarted. Connect again.",
        Notice.IDLE: "Nothing happened here for a long time: the connection is closed.",
        Notice.SERVICE_RESTARTS: (
            "The SSH service restarts; your environment goes on. Connect again."
        ),
        Notice.KEY_NEEDS_PASSWORD: (
            "Your key is right, but the environment no longer takes the password shown in your "
            "course. Connect with the password you have set."
        ),
        Notice.OUTSIDE: "Tunnels lead to your own environment only: use localhost.",
        Notice.NO_SHELL: (
            "This environment has no shell. A tunnel to the ports on its cards is all there is "
            "here: copy the command again, and leave it open. {url}"
        ),
        Notice.SIGNED_OUT: "You have signed out, or somebody else has signed in.",
    },
    "fr": {
        Notice.UNKNOWN: (
            "Aucun environnement ne porte ce nom. Copiez à nouveau la commande du cours."
        ),
        Notice.REFUSED: "Accès refusé. Copiez la commande et le mot de passe depuis votre cours.",
        Notice.STARTING: "Votre environnement démarre. Reconnectez-vous dans un instant. {url}",
        Notice.STOPPED: "Votre environnement est arrêté. Démarrez-le depuis votre cours : {url}",
        Notice.SILENT: (
            "Votre environnement fonctionne, mais son serveur SSH ne répond pas. "
            "Redémarrez-le : {url}"
        ),
        Notice.PLATFORM_AWAY: "La plateforme redémarre. Reconnectez-vous dans quelques secondes.",
        Notice.GUESSED: "Trop de mots de passe erronés. Reconnectez-vous dans cinq minutes.",
        Notice.CROWDED: "Trop de connexions sont ouvertes. Fermez-en une, puis reconnectez-vous.",
        Notice.STRANGER: (
            "Un autre serveur SSH répond à la place de celui de votre environnement. "
            "Redémarrez-le : {url}"
        ),
        Notice.ENDED: "Votre environnement a été arrêté. Démarrez-le depuis votre cours : {url}",
        Notice.RESTARTED: "Votre environnement a été redémarré. Reconnectez-vous.",
        Notice.IDLE: "Rien ne s’est passé ici depuis longtemps : la connexion est fermée.",
        Notice.SERVICE_RESTARTS: (
            "Le service SSH redémarre ; votre environnement continue. Reconnectez-vous."
        ),
        Notice.KEY_NEEDS_PASSWORD: (
            "Votre clé est la bonne, mais l’environnement n’accepte plus le mot de passe affiché "
            "dans votre cours. Connectez-vous avec celui que vous avez choisi."
        ),
        Notice.OUTSIDE: "Les tunnels mènent à votre propre environnement : utilisez localhost.",
        Notice.NO_SHELL: (
            "Cet environnement n’a pas de terminal. Il n’y a ici qu’un tunnel vers les ports de "
            "ses cartes : copiez à nouveau la commande et laissez-la ouverte. {url}"
        ),
        Notice.SIGNED_OUT: "Vous vous êtes déconnecté, ou quelqu’un d’autre s’est connecté.",
    },
}


def notice_text(notice: Notice, language: str = "en", url: str = "") -> str:
    """The text of a notice, as a single line for a terminal."""
    return _TEXTS.get(language, _TEXTS["en"])[notice].format(url=url).strip()
