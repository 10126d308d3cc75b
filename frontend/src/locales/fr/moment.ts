/** French texts of fields for a date and a time. */
import type { momentEn } from "../en/moment"

export const momentFr: typeof momentEn = {
  day: "JJ/MM/AAAA",
  minute: "JJ/MM/AAAA HH:MM",
  unclear:
    "« {{text}} » n’est pas une date qui existe sous cette forme. Écrivez-la ainsi : {{form}}.",
  calendar: "Choisir dans un calendrier",
  previousMonth: "Mois précédent",
  nextMonth: "Mois suivant",
  months: "Choisir un mois",
  years: "Choisir une année",
  nextYear: "Année suivante",
  previousYear: "Année précédente",
  nextDecade: "Dix années suivantes",
  previousDecade: "Dix années précédentes",
}
