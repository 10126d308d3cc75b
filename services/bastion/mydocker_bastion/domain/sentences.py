"""What the bastion says, in the language of the environment's owner."""

from enum import StrEnum


class Say(StrEnum):
    """Everything a person may read in a terminal."""

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
    DOOR_RESTARTS = "door_restarts"
    KEY_NEEDS_PASSWORD = "key_needs_password"  # noqa: S105
    OUTSIDE = "outside"
    NO_SHELL = "no_shell"


_TEXTS = {
    "en": {
        Say.UNKNOWN: "No environment has this name. Copy the command from your course again.",
        Say.REFUSED: "You were not let in. Copy the command and the password from your course.",
        Say.STARTING: "Your environment is starting. Connect again in a moment. {url}",
        Say.STOPPED: "Your environment is stopped. Start it from your course: {url}",
        Say.SILENT: "Your environment runs, but its SSH server does not answer. Restart it: {url}",
        Say.PLATFORM_AWAY: "The platform is restarting. Connect again in a few seconds.",
        Say.GUESSED: "Too many wrong passwords. Connect again in five minutes.",
        Say.CROWDED: "Too many connections are open. Close one, then connect again.",
        Say.STRANGER: (
            "Another SSH server answers in place of your environment's. Restart it: {url}"
        ),
        Say.ENDED: "Your environment has been stopped. Start it from your course: {url}",
        Say.RESTARTED: "Your environment has been restarted. Connect again.",
        Say.IDLE: "Nothing happened here for a long time: the connection is closed.",
        Say.DOOR_RESTARTS: "The SSH service restarts; your environment goes on. Connect again.",
        Say.KEY_NEEDS_PASSWORD: (
            "Your key is right, but the environment no longer takes the password shown in your "
            "course. Connect with the password you have set."
        ),
        Say.OUTSIDE: "Tunnels lead to your own environment only: use localhost.",
        Say.NO_SHELL: (
            "This environment has no shell. A tunnel to the ports on its cards is all there is "
            "here: copy the command again, and leave it open. {url}"
        ),
    },
    "fr": {
        Say.UNKNOWN: "Aucun environnement ne porte ce nom. Copiez à nouveau la commande du cours.",
        Say.REFUSED: "Accès refusé. Copiez la commande et le mot de passe depuis votre cours.",
        Say.STARTING: "Votre environnement démarre. Reconnectez-vous dans un instant. {url}",
        Say.STOPPED: "Votre environnement est arrêté. Démarrez-le depuis votre cours : {url}",
        Say.SILENT: (
            "Votre environnement fonctionne, mais son serveur SSH ne répond pas. "
            "Redémarrez-le : {url}"
        ),
        Say.PLATFORM_AWAY: "La plateforme redémarre. Reconnectez-vous dans quelques secondes.",
        Say.GUESSED: "Trop de mots de passe erronés. Reconnectez-vous dans cinq minutes.",
        Say.CROWDED: "Trop de connexions sont ouvertes. Fermez-en une, puis reconnectez-vous.",
        Say.STRANGER: (
            "Un autre serveur SSH répond à la place de celui de votre environnement. "
            "Redémarrez-le : {url}"
        ),
        Say.ENDED: "Votre environnement a été arrêté. Démarrez-le depuis votre cours : {url}",
        Say.RESTARTED: "Votre environnement a été redémarré. Reconnectez-vous.",
        Say.IDLE: "Rien ne s’est passé ici depuis longtemps : la connexion est fermée.",
        Say.DOOR_RESTARTS: (
            "Le service SSH redémarre ; votre environnement continue. Reconnectez-vous."
        ),
        Say.KEY_NEEDS_PASSWORD: (
            "Votre clé est la bonne, mais l’environnement n’accepte plus le mot de passe affiché "
            "dans votre cours. Connectez-vous avec celui que vous avez choisi."
        ),
        Say.OUTSIDE: "Les tunnels mènent à votre propre environnement : utilisez localhost.",
        Say.NO_SHELL: (
            "Cet environnement n’a pas de terminal. Il n’y a ici qu’un tunnel vers les ports de "
            "ses cartes : copiez à nouveau la commande et laissez-la ouverte. {url}"
        ),
    },
}


def sentence(say: Say, language: str = "en", url: str = "") -> str:
    """One line for a terminal."""
    return _TEXTS.get(language, _TEXTS["en"])[say].format(url=url).strip()
