/** French texts of people: what operators decide about them, and asking to build images. */
import type { peopleEn } from "../en/people"

export const peopleFr = {
  listTitle: "Personnes",
  listText:
    "Toutes les personnes qui se sont connectées. Les droits dans un espace de cours viennent de cet espace.",
  searchLabel: "Rechercher par nom, adresse ou compte",
  kindFilter: "Quelles personnes",
  all: "Tout le monde",
  kind: {
    waiting: "Demandent à construire des images",
    builders: "Peuvent construire des images",
    operators: "Administrateurs",
    disabled: "Désactivées",
  },
  emptyTitle: "Personne ne s’est encore connecté",
  emptyText: "Les personnes apparaissent ici dès leur première activité ou connexion.",
  noMatch: "Personne ne correspond.",
  nobodyWaits: "Personne n’attend de réponse.",
  column: {
    name: "Personne",
    rights: "Droits",
    seen: "Dernière connexion",
    actions: "Actions",
  },
  account: "{{subject}} chez {{issuer}}",
  word: {
    operator: "Administrateur",
    teacher: "Enseignant",
    builder: "Construit des images",
    asks: "Demande à construire des images",
    disabled: "Désactivé",
    none: "Aucun droit particulier",
  },
  asked: "demandé {{when}}",
  disabledWhy: "Désactivé {{when}} : {{reason}}",
  waiting_zero: "Personne ne demande à construire des images",
  waiting_one: "{{count}} personne demande à construire des images",
  waiting_other: "{{count}} personnes demandent à construire des images",
  act: {
    make_operator: "Nommer administrateur",
    unmake_operator: "Retirer les droits d’administrateur",
    approve_build: "Autoriser à construire des images",
    withdraw_build: "Retirer l’autorisation",
    decline_build: "Refuser la demande",
    disable: "Désactiver…",
    enable: "Réactiver",
  },
  approve: "Autoriser",
  approveNamed: "Autoriser {{name}} à construire des images",
  ask: {
    make_operator: {
      title: "Nommer {{name}} administrateur ?",
      text: "Un administrateur voit et modifie plateformes, personnes et serveurs. Il peut construire des images.",
      confirm: "Nommer administrateur",
    },
    unmake_operator: {
      title: "Retirer les droits d’administrateur à {{name}} ?",
      text: "L’effet est immédiat. Ses cours et ses images restent.",
      confirm: "Retirer les droits",
    },
    withdraw_build: {
      title: "{{name}} ne pourra plus construire d’images ?",
      text: "Les images déjà construites restent, et les cours continuent de les utiliser.",
      confirm: "Retirer",
    },
    disable: {
      title: "Désactiver {{name}} ?",
      text: "Cette personne est déconnectée partout et ne peut plus se connecter. Son travail est conservé.",
      running_zero: "Aucun de ses environnements ne fonctionne.",
      running_one: "{{count}} de ses environnements est arrêté.",
      running_other: "{{count}} de ses environnements sont arrêtés.",
      reason: "Raison",
      reasonHelp: "Pour les autres administrateurs. La personne ne la lit pas.",
      reasonMissing: "Dites pourquoi, en quelques mots.",
      confirm: "Désactiver",
    },
  },
  build: {
    needTitle: "Construire des images demande une autorisation, une seule fois",
    needText:
      "Préparez dès maintenant vos images et vos cours. Un administrateur vous autorise ensuite à les construire.",
    ask: "La demander",
    askedTitle: "Vous avez demandé à construire des images",
    askedText: "Un administrateur va répondre. Cette page se mettra alors à jour.",
  },
} satisfies typeof peopleEn
