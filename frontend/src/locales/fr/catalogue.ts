/** French texts of the catalogue. */
import type { catalogueEn } from "../en/catalogue"

export const catalogueFr: typeof catalogueEn = {
  title: "Catalogue",
  text: "Des environnements prêts à l’emploi. Utilisez-en un tout de suite dans un cours, ou copiez-le pour le modifier.",
  use: "Utiliser dans un cours",
  useNamed: "Utiliser dans un cours : {{title}}",
  copy: "Copier",
  copyNamed: "Copier {{title}} dans mes images",
  empty: "Le catalogue est vide.",
  needs: "{{cpu}} CPU et {{memory}} par étudiant",
  choose: "Environnement du cours",
  chooseTitle: "Environnement",
  chooseText: "Ce dans quoi les étudiants travaillent. Vous pourrez en changer.",
  other: "Une autre image",
  otherText:
    "Une de vos images, une image partagée, ou aucune pour l’instant : vous la choisirez à l’étape suivante.",
  operatorText:
    "Les images que la plateforme construit d’avance, et celles que des enseignants proposent à tous.",
  rebuild: "Reconstruire",
  state: {
    ready: "Prête",
    preparing: "En préparation",
    failed: "Indisponible pour l’instant",
    copy_only: "À construire par vous",
  },
}
