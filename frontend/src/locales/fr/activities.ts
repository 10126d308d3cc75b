/** French texts of a student's own activities. */
import type { activitiesEn } from "../en/activities"

export const activitiesFr: typeof activitiesEn = {
  title: "Mes activités",
  text: "Vos cours ici, ce qui vient ensuite, et ce qui fonctionne en ce moment.",
  running: "En ce moment",
  upcoming: "À venir",
  noSessions: "Aucune séance n’est prévue dans les 60 prochains jours.",
  courses: "Tous mes cours",
  emptyTitle: "Aucun cours pour l’instant",
  emptyText:
    "Ouvrez l’activité dans votre espace de cours, ou rejoignez un cours avec le code de votre enseignant.",
  join: "Rejoindre avec un code",
  openCourse: "Ouvrir",
  openNamed: "Ouvrir {{title}}",
  ends: "Arrêt à {{time}}",
  notStarted: "Non démarré",
}
