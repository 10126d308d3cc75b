/** French texts of the way in: launch, landing, binding, faults. */
import type { bindEn, enterEn, faultEn, landingEn } from "../en/arrival"

export const enterFr: typeof enterEn = {
  title: "Ouverture de votre activité",
  text: "Vérification de votre identité…",
  unusable: "Connexion impossible",
  again: "Ouvrez de nouveau l’activité depuis votre cours.",
  ticket_expired: "Ce lien n’était valable qu’une minute.",
  ticket_used: "Ce lien a déjà servi.",
  ticket_unknown: "Ce lien est inconnu ici.",
  web_session_over:
    "Vous avez été déconnecté, ou votre navigateur refuse le cookie qui conserve votre connexion.",
  cookieHelp:
    "Si cela revient à chaque rechargement, autorisez les cookies de ce site dans votre navigateur, ou utilisez un autre navigateur.",
  endedTitle: "Vous avez été déconnecté",
  ended: {
    signed_out: "Vous vous êtes déconnecté dans ce navigateur.",
    replaced:
      "Une autre personne s’est connectée avec ce navigateur : vos pages y ont été fermées.",
    reuse: "Vous avez été déconnecté par sécurité : quelqu’un a peut-être copié votre session.",
    user_disabled: "Votre compte est désactivé. Contactez le support.",
    account_changed: "Vos comptes ont changé : connectez-vous de nouveau.",
    platform_disabled: "Votre plateforme de cours est désactivée ici.",
    deployment_disabled: "L’outil que vous avez utilisé est désactivé ici.",
  },
  signIn: "Ou connectez-vous ici",
  noTicket: "Cette page s’ouvre depuis une activité de votre cours.",
}

export const landingFr: typeof landingEn = {
  nothingYetTitle: "Rien ici pour l’instant",
  nothingYetText:
    "Votre enseignant n’a pas encore choisi ce que cette activité ouvre ici. Il le choisit en l’ouvrant lui-même.",
  unknownTitle: "Cette activité n’ouvre rien",
  unknownText:
    "L’activité désigne quelque chose qui n’existe plus, ou qui ne vous est pas ouvert. Prévenez votre enseignant.",
  notOpenTitle: "Vous n’avez pas accès à cette page",
  notOpenText:
    "Cela n’existe pas, ou vous n’y avez plus accès. Si vous êtes de nouveau dans le cours, rouvrez-y l’activité ; sinon, voyez avec votre enseignant.",
  notFoundTitle: "Cette page n’existe pas",
  notFoundText: "L’adresse est peut-être mal saisie, ou la page a été supprimée.",
}

export const bindFr: typeof bindEn = {
  title: "Quel cours cette activité ouvre-t-elle ?",
  text: "Rien n’est encore choisi ici, ou l’activité vient d’une autre plateforme. Choisissez une fois : tous ceux qui l’ouvrent y arriveront.",
  confirm: "Utiliser ce cours",
}

export const faultFr: typeof faultEn = {
  title: "Cette page n’a pas pu s’afficher",
}
