/** Textes français : jusqu’où les environnements d’un groupe accèdent au réseau. */
import type { reachEn } from "../en/reach"

export const reachFr: typeof reachEn = {
  title: "Réseau",
  word: {
    open: "Internet",
    filtered: "Quelques adresses choisies",
    none: "Rien",
  },
  text: {
    open: "Les programmes accèdent à Internet. Ils n’accèdent jamais aux environnements des autres, ni à un réseau privé que l’administrateur n’a pas nommé.",
    filtered:
      "Les programmes n’accèdent qu’aux adresses nommées par l’administrateur, comme un miroir de paquets : aucun autre téléchargement, aucun autre site web.",
    none: "Les programmes n’accèdent à rien à l’extérieur : ni téléchargements, ni sites web. L’image doit contenir tout ce qu’il leur faut.",
  },
  pools: "Groupes",
  poolsText: "Ce que fournit chaque type de serveur, et ce à quoi ses environnements accèdent.",
  column: { pool: "Groupe", machines: "Serveurs", reach: "Accède à" },
  machines_zero: "Aucun serveur",
  machines_one: "{{usable}} sur {{count}} en service",
  machines_other: "{{usable}} sur {{count}} en service",
}
