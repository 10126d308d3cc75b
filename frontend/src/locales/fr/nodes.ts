/** French texts of machines, for operators. */
import type { nodesEn } from "../en/nodes"

export const nodesFr: typeof nodesEn = {
  title: "Machines",
  text: "Là où tournent les environnements. Une machine sert une fois ses vérifications passées.",
  empty: "Le Swarm n’a aucune machine.",
  column: {
    name: "Machine",
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
    unchecked: "Vérifications non passées",
    active: "En service",
    pause: "N’accepte plus personne",
    drain: "Vidée",
    draining: "En train de se vider",
  },
  toCheck: "Ce qui y tourne continue. Pour la vérifier à nouveau, sur le gestionnaire :",
  cpu: "{{free}} sur {{all}} cœurs",
  memory: "{{free}} sur {{all}} Gio",
  gpus: "{{free}} sur {{all}} GPU",
  engine: "Docker {{version}}",
  api: "API {{version}}",
  poolOf: "Groupe de {{name}}",
  drain: "Vider",
  activate: "Remettre en service",
  drainTitle: "Vider {{name}} ?",
  drainText_zero: "Plus rien n’y sera placé.",
  drainText_one:
    "Plus rien n’y sera placé, et {{count}} environnement s’y arrête. Son propriétaire est prévenu.",
  drainText_other:
    "Plus rien n’y sera placé, et {{count}} environnements s’y arrêtent. Leurs propriétaires sont prévenus.",
}
