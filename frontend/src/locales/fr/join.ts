/** French texts of join links. */
import type { joinEn } from "../en/join"

export const joinFr: typeof joinEn = {
  title: "Rejoindre un cours",
  joining: "Vous rejoignez le cours…",
  failedTitle: "Ce lien ne permet pas de rejoindre le cours",
  code: "Code",
  codeHelp: "Huit caractères, par exemple K7F3-9QD2.",
  submit: "Rejoindre",
  section: "Lien d’inscription",
  sectionText:
    "Pour les personnes hors de l’espace de cours : toute personne connectée qui ouvre le lien, ou saisit le code, rejoint ce cours.",
  create: "Créer un lien d’inscription",
  link: "Lien",
  copyLink: "Copier le lien",
  copyCode: "Copier le code",
  joined_one: "{{count}} personne a rejoint le cours par lien.",
  joined_other: "{{count}} personnes ont rejoint le cours par lien.",
  expires: "Valable jusqu’au",
  expiresHelp: "Laissez vide pour un lien sans fin.",
  most: "Nombre maximal de personnes",
  mostHelp: "Laissez vide pour ne pas limiter.",
  saveTerms: "Enregistrer les limites",
  saved: "Enregistré",
  renew: "Remplacer le code",
  renewText:
    "L’ancien lien et son code cessent aussitôt de fonctionner. Les personnes inscrites restent.",
  revoke: "Retirer le lien",
  revokeText:
    "Plus personne ne peut rejoindre le cours par ce lien. Les personnes inscrites restent.",
  deep: "Ajoutez /user-redirect/ et un chemin pour ouvrir cette page du port web. Les liens faits pour JupyterHub (nbgitpuller) fonctionnent avec cette adresse comme hub.",
}
