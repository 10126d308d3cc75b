import type { serviceAccountsEn } from "../en/serviceAccounts"

/** Textes français : les comptes de service. */
export const serviceAccountsFr = {
  title: "Comptes de service",
  text: "D’autres systèmes qui appellent l’API avec leurs propres droits. Personne ne s’y connecte.",
  none: "Il n’y a pas de compte de service.",
  noneText: "La scolarité, un hook Git ou un tableau de bord de la DSI en reçoivent chacun un.",
  search: "Chercher un compte ou un responsable",
  noMatch: "Aucun compte de service ne correspond.",
  column: { name: "Compte", rights: "Droits", used: "Dernier usage", tokens: "Jetons" },
  ownedBy: "{{name}} en répond",
  never: "Jamais utilisé",
  create: "Créer un compte de service",
  createTitle: "Nouveau compte de service",
  make: "Créer le compte",
  name: "Nom",
  nameHelp: "Le système auquel il sert, par exemple « Scolarité ».",
  nameMissing: "Donnez un nom au compte.",
  rights: "Droits",
  rightsHelp: "Il agit sur ce qui lui appartient. Ses jetons restreignent encore ces droits.",
  noRights: "Lit seulement ses propres données",
  right: {
    create_courses: "Créer des cours et des images",
    build_images: "Construire des images",
    operate: "Administrer la plateforme",
  },
  rightText: {
    create_courses: "Ils appartiennent au compte.",
    build_images: "Exécute ses commandes de construction sur nos serveurs.",
    operate:
      "Personnes, serveurs, plateformes : ce que font les administrateurs, dans les portées de ses jetons.",
  },
  word: { disabled: "Désactivé", orphan: "Sans responsable", active: "Actif" },
  orphanText:
    "Son responsable n’est plus administrateur : ses jetons sont refusés jusqu’à ce que vous le repreniez.",
  disabledText: "Ses jetons sont refusés. Ce qu’il a créé reste.",
  settings: "Nom et droits",
  settingsText: "La prochaine requête du compte suit un changement.",
  save: "Enregistrer",
  saved: "Enregistré.",
  act: { disable: "Désactiver", enable: "Réactiver", take_over: "Reprendre" },
  ask: {
    disable: {
      title: "Désactiver « {{name}} » ?",
      text: "Tous ses jetons sont refusés aussitôt, et ce qu’il exécute s’arrête. Ce qu’il a créé reste.",
    },
    take_over: {
      title: "Reprendre « {{name}} » ?",
      text: "Vous répondez désormais de ce compte. Si vous perdez vos droits d’administrateur, ses jetons sont refusés.",
    },
  },
  tokens: "Ses jetons d’API",
  tokensText: "Donnez un jeton à chaque installation, pour pouvoir en révoquer un seul.",
  noTokens: "Ce compte n’a pas encore de jeton.",
  noTokensText: "Créez-en un ci-dessous : sans jeton, le compte ne peut rien faire.",
  tokenText: "Un jeton ne permet jamais plus que ce que son compte peut faire à ce moment.",
} satisfies typeof serviceAccountsEn
