/** French texts of the use of a course. */
import type { tracesEn } from "../en/traces"

export const tracesFr = {
  tab: "Utilisation",
  title: "Personnes par jour",
  summary_one: "{{count}} personne, {{hours}} heures au total",
  summary_other: "{{count}} personnes, {{hours}} heures au total",
  span: "Période affichée",
  days_one: "{{count}} jour",
  days_other: "{{count}} jours",
  picture: "Personnes par jour. {{summary}}. Le tableau ci-dessous dit la même chose.",
  people: "Personnes",
  runs: "Qui, quand et combien de temps",
  runsText: "Chaque fois qu’un environnement était en marche. Ce cours seulement.",
  csv: "Télécharger (CSV)",
  none: "Personne n’a utilisé ce cours sur cette période.",
  name: "Nom",
  email: "Adresse électronique",
  began: "De",
  ended: "À",
  now: "en cours",
  minutes: "Minutes",
} satisfies typeof tracesEn
