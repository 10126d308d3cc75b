/** French texts of the picker. */
import type { pickerEn } from "../en/picker"

export const pickerFr: typeof pickerEn = {
  title: "Choisissez ce que l’activité ouvre",
  text: "Les étudiants qui ouvrent l’activité arrivent dans le cours choisi.",
  multiple: "En choisir plusieurs",
  chosen_zero: "Aucun cours choisi",
  chosen_one: "{{count}} cours choisi",
  chosen_other: "{{count}} cours choisis",
  grade: "Ajouter une colonne au carnet de notes",
  confirm: "Ajouter à l’espace de cours",
  cancel: "Annuler",
  empty: "Vous n’avez pas encore de cours.",
  noMatch: "Aucun cours ne correspond.",
  create: "Créer un cours",
  courses: "Cours",
  made: "Créé par {{name}} le {{date}}",
  notYours: "Seuls son propriétaire et ses éditeurs le placent.",
  notReady: "Les étudiants ne peuvent pas encore l’ouvrir.",
  makeReady: "Ouvrir aux étudiants",
  returning: "Retour à votre espace de cours…",
  stuck: {
    blocked: "Votre navigateur a bloqué l’envoi du choix à votre espace de cours",
    blockedHelp:
      "Cette page ne peut pas envoyer de formulaire à {{origin}}. Donnez cette adresse à l’administrateur de MyDocker : la plateforme doit être enregistrée avec elle.",
    silent: "Votre espace de cours ne répond pas",
    silentHelp:
      "Rien n’est revenu de {{origin}}. Envoyez de nouveau ; si rien ne se passe, vérifiez le réseau, fermez cette fenêtre et choisissez de nouveau le contenu.",
    again: "Envoyer de nouveau",
  },
}
