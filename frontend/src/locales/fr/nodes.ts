/** French texts of nodes, for operators. */
import type { nodesEn } from "../en/nodes"

export const nodesFr: typeof nodesEn = {
  title: "Serveurs",
  text: "Là où fonctionnent les environnements. Un serveur n’est utilisé qu’après ses vérifications.",
  empty: "Le Swarm n’a aucun serveur.",
  column: {
    name: "Serveur",
    state: "État",
    free: "Libre",
    pool: "Groupe",
    actions: "Actions",
  },
  environments_zero: "Aucun environnement",
  environments_one: "{{count}} environnement",
  environments_other: "{{count}} environnements",
  state: {
    down: "Ne répond pas",
    unchecked: "Vérifications non réussies",
    active: "En service",
    pause: "N’accepte aucun nouvel environnement",
    drain: "En maintenance",
    draining: "Mise en maintenance en cours",
  },
  cordon: {
    not_checked: "Ses vérifications n’ont pas encore eu lieu.",
    checks_failed: "Ses vérifications ont échoué :",
    hardening_differs: "Son Docker n’a pas appliqué les réglages de sécurité d’un conteneur :",
    by_hand: "Un administrateur l’a retiré avec « deploy.node refuse ».",
    leaving: "Son groupe n’en a plus besoin : il est supprimé dès que personne ne l’utilise.",
    not_recorded:
      "La raison n’a pas été enregistrée : ses vérifications ont échoué, ou un administrateur l’a retiré.",
  },
  toCheck:
    "Les environnements en marche continuent. Pour vérifier de nouveau ce serveur, sur le gestionnaire :",
  cpu: "{{free}} sur {{all}} cœurs",
  memory: "{{free}} sur {{all}} Gio",
  gpus: "{{free}} sur {{all}} GPU",
  engine: "Docker {{version}}",
  api: "API {{version}}",
  poolOf: "Groupe de {{name}}",
  drain: "Mettre en maintenance",
  activate: "Remettre en service",
  drainTitle: "Mettre {{name}} en maintenance ?",
  drainText_zero: "Aucun environnement n’y démarrera plus.",
  drainText_one:
    "Aucun environnement n’y démarrera plus, et {{count}} environnement s’y arrête. Son propriétaire est prévenu.",
  drainText_other:
    "Aucun environnement n’y démarrera plus, et {{count}} environnements s’y arrêtent. Leurs propriétaires sont prévenus.",
}
