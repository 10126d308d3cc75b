/** French texts of room for sessions, and of the forecast. */
import type { capacityEn } from "../en/capacity"

export const capacityFr: typeof capacityEn = {
  heading: "Disponibilité",
  checking: "Recherche de places…",
  verdict: {
    free: "Libre",
    tight: "Juste",
    impossible: "Pas assez de place à ce moment",
    unknown: "Pas encore connue",
  },
  free_one: "{{count}} étudiant tient sur les serveurs « {{pool}} ».",
  free_other: "{{count}} étudiants tiennent en même temps sur les serveurs « {{pool}} ».",
  unknown:
    "Les serveurs « {{pool}} » n’ont pas encore été observés. La séance peut être enregistrée.",
  now: "Aujourd’hui, {{fitting}} étudiants sur {{students}} tiennent en même temps sur les serveurs « {{pool}} ».",
  add_one:
    "{{count}} serveur doit être ajouté avant {{by}}. Les administrateurs le voient dans les prévisions.",
  add_other:
    "{{count}} serveurs doivent être ajoutés avant {{by}}. Les administrateurs le voient dans les prévisions.",
  wait: "Jusqu’à {{until}}, les autres attendent dans la file.",
  short:
    "{{fitting}} étudiants sur {{students}} tiennent en même temps sur les serveurs « {{pool}} ».",
  size: "Un environnement est plus grand que tout serveur de « {{pool}} ». Demandez moins, ou choisissez d’autres serveurs.",
  noneUsable: "Aucun serveur de « {{pool}} » n’est en service.",
  asks: "Vous pouvez l’enregistrer : de la place est demandée aux administrateurs. Sans elle, des étudiants attendent dans la file.",
  slots: "Créneaux libres proches",
  take: "Prendre {{slot}}",
  saveAndAsk: "Enregistrer et demander de la place",
  state: { requested: "Place demandée", refused: "Pas de place" },
  refusedBecause: "Réponse des administrateurs : {{reason}}",
}
