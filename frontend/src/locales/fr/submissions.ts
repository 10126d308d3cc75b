/** Le travail rendu : bouton de l’étudiant, liste et réglage de l’enseignant. */
export const submissionsFr = {
  title: "Rendre mon travail",
  openText:
    "Votre enseignant reçoit une copie datée de votre dossier de travail. Vous pouvez recommencer.",
  until: "Ouvert jusqu’à : {{when}}. Vous pouvez recommencer d’ici là.",
  state: {
    not_allowed: "Ce cours ne prévoit pas de rendu.",
    between_sessions: "Le travail se rend pendant une séance.",
    over: "Il n’est plus possible de rendre un travail.",
  },
  submit: "Rendre mon travail",
  again: "Rendre de nouveau",
  copying: "Copie de votre dossier de travail…",
  done_one: "Rendu {{when}} : {{count}} fichier.",
  done_other: "Rendu {{when}} : {{count}} fichiers.",
  changing_one:
    "{{count}} fichier était en cours d’écriture : fermez-le et rendez de nouveau votre travail.",
  changing_other:
    "{{count}} fichiers étaient en cours d’écriture : fermez-les et rendez de nouveau votre travail.",
  failed: "Travail non rendu ({{when}}). {{why}}",
  stands: "Votre travail rendu {{when}} reste valable.",
  tab: "Travaux rendus",
  summary: "{{submitted}} sur {{everybody}} ont rendu leur travail",
  downloadAll: "Tout télécharger",
  notAllowed:
    "Les étudiants ne peuvent pas rendre leur travail : activez-le dans les réglages techniques, au dossier de travail.",
  emptyTitle: "Aucun étudiant pour l’instant",
  emptyText:
    "Ils apparaissent ici dès qu’ils ouvrent l’activité ou que l’espace de cours les annonce.",
  whichFilter: "Rendu",
  which: { submitted: "Ont rendu", missing: "N’ont pas rendu" },
  column: { submission: "Rendu", size: "Taille" },
  files_one: "{{count}} fichier",
  files_other: "{{count}} fichiers",
  none: "Rien de rendu",
  failedShort: "La copie a échoué",
  times_one: "{{count}} travail rendu",
  times_other: "{{count}} travaux rendus",
  choose: "Travail rendu le",
  allow: "Les étudiants peuvent rendre leur travail",
  allowHelp:
    "Un bouton vous donne une copie datée du dossier de travail, aussi souvent que nécessaire.",
  end: "Jusqu’à",
  endHelp: "Vide : tant que le cours est ouvert.",
  inSessions: "Seulement pendant une séance",
}
