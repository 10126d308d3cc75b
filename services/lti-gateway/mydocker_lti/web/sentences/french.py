"""Refusal pages in French."""

from collections.abc import Mapping

from ...domain.refusals import Advice
from .sentence import Sentence

SENTENCES: Mapping[Advice, Sentence] = {
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
        "Un administrateur de la plateforme a désactivé votre compte ; votre travail est conservé.",
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
        "Demandez une nouvelle invitation à l’administrateur de MyDocker.",
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
        "Transmettez la référence à l’administrateur de MyDocker : il voit l’adresse et peut "
        "l’autoriser.",
    ),
    Advice.PLATFORM_WRONG: Sentence(
        "Votre plateforme ne convient pas",
        "Ce qu’elle dit d’elle-même est incomplet ou vient d’une autre adresse que la sienne.",
        "Transmettez la référence à l’administrateur de MyDocker.",
    ),
    Advice.PLATFORM_REFUSED: Sentence(
        "Votre plateforme a refusé l’inscription",
        "Elle a répondu par une erreur ; rien n’a été enregistré chez nous.",
        "Recommencez ; si cela se répète, transmettez la référence à l’administrateur de MyDocker.",
    ),
    Advice.NOT_APPROVED: Sentence(
        "Pas encore approuvé",
        "Votre espace de cours est relié à MyDocker, mais un administrateur ne l’a pas encore "
        "approuvé.",
        "Attendez qu’un administrateur de MyDocker l’approuve ; transmettez-lui la référence.",
    ),
    Advice.SWITCHED_OFF: Sentence(
        "L’accès depuis cet espace de cours est coupé",
        "Un administrateur de MyDocker l’a coupé ; votre travail est conservé.",
        "Demandez au support pourquoi, en lui transmettant la référence ci-dessous.",
    ),
    Advice.ADDRESS_BARRED: Sentence(
        "L’adresse de votre plateforme n’est pas appelée",
        "Notre serveur n’appelle que des adresses https de l’internet public, et celles que "
        "son administrateur a nommées.",
        "Transmettez ces lignes et la référence à l’administrateur de MyDocker.",
    ),
    Advice.ISSUER_TAKEN: Sentence(
        "Cette identité de plateforme est réservée",
        "Elle désigne un service par lequel des personnes se connectent déjà.",
        "Transmettez la référence à l’administrateur de MyDocker.",
    ),
    Advice.PLATFORM_KNOWN: Sentence(
        "Cette plateforme est déjà connue",
        "Elle donne aujourd’hui d’autres adresses qu’à sa première inscription ; les "
        "anciennes restent valables.",
        "Demandez à l’administrateur de MyDocker de les changer, en lui transmettant la référence.",
    ),
}
