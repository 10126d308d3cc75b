"""French and English texts of the registration pages, for administrators of platforms."""

from collections.abc import Mapping

from ..web.texts import ENGLISH, FRENCH

PAGES: Mapping[str, Mapping[str, str]] = {
    FRENCH: {
        "title": "Inscrire MyDocker",
        "intro": "MyDocker s’ajoute à {platform} avec l’invitation « {label} ».",
        "platform": "Plateforme",
        "product": "Logiciel",
        "may": "Ce que MyDocker pourra faire dans vos cours",
        "launch": "ouvrir des activités et proposer son contenu aux enseignants",
        "roster": "lire la liste des membres",
        "grades": "écrire des notes dans ses propres colonnes",
        "shares": "Ce que votre plateforme lui dit des personnes",
        "names": "leur nom (sans lui, elles ont un pseudonyme)",
        "mail": "leur adresse électronique",
        "after": "Ensuite, un administrateur de MyDocker approuve votre plateforme.",
        "register": "Inscrire",
        "done": "MyDocker est inscrit",
        "left": "Il reste à faire :",
        "close_step": "Fermez cette page avec le bouton ci-dessous.",
        "activate_moodle": "Dans Moodle, sur la carte MyDocker de « Gérer les outils », "
        "choisissez Activer.",
        "activate": "Activez l’outil MyDocker dans votre plateforme.",
        "approve": "Un administrateur de MyDocker approuve votre plateforme ; d’ici là, personne "
        "n’entre.",
        "chooser_moodle": "Dans chaque cours : Plus > Outils externes LTI, activez « Afficher dans "
        "le sélecteur d’activités » ; ou, pour tout le site, dans les réglages de l’outil.",
        "deployment": "Votre plateforme n’a pas donné d’identifiant de déploiement : "
        "transmettez-le à l’administrateur de MyDocker.",
        "close": "Fermer",
    },
    ENGLISH: {
        "title": "Register MyDocker",
        "intro": "MyDocker is added to {platform} with the invitation “{label}”.",
        "platform": "Platform",
        "product": "Software",
        "may": "What MyDocker may do in your courses",
        "launch": "open activities, and offer its content to teachers",
        "roster": "read the list of members",
        "grades": "write grades into columns of its own",
        "shares": "What your platform tells it about people",
        "names": "their name (without it they get a pseudonym)",
        "mail": "their e-mail address",
        "after": "Then an operator of MyDocker approves your platform.",
        "register": "Register",
        "done": "MyDocker is registered",
        "left": "What is left to do:",
        "close_step": "Close this page with the button below.",
        "activate_moodle": "In Moodle, press Activate on the card MyDocker under Manage tools.",
        "activate": "Activate the tool MyDocker in your platform.",
        "approve": "An operator of MyDocker approves your platform; until then nobody enters.",
        "chooser_moodle": "In each course: More > LTI External tools, switch on Show in activity "
        "chooser; or, for the whole site, in the settings of the tool.",
        "deployment": "Your platform named no deployment id: pass it on to the operator of "
        "MyDocker.",
        "close": "Close",
    },
}
