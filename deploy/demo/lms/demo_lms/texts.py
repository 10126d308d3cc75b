"""The words of the pages, French and English."""

from typing import Literal

Language = Literal["fr", "en"]

TEXTS: dict[Language, dict[str, str]] = {
    "fr": {
        "campus": "Campus de démonstration",
        "intro": "Ce petit campus joue le rôle de l’espace de cours d’une école. "
        "Choisissez une personne : chaque page s’ouvre à son nom, dans autant d’onglets "
        "que vous voulez.",
        "teacher": "Enseignante",
        "student_f": "Étudiante",
        "student_m": "Étudiant",
        "enter_as": "Entrer comme",
        "people": "Personnes",
        "signed_in": "Vous êtes",
        "change": "Changer de personne",
        "course": "Cours",
        "activities": "Activités",
        "no_activity_teacher": "Aucune activité. Ajoutez la première.",
        "no_activity_student": "Votre enseignante n’a encore rien placé ici.",
        "add": "Ajouter une activité",
        "grades": "Notes",
        "dashboard": "Tableau de bord MyDocker",
        "new_window": "s’ouvre dans un nouvel onglet",
        "new_title": "Nouvelle activité",
        "select": "Sélectionner le contenu",
        "select_help": "Le contenu se choisit dans l’outil, puis remplit ce formulaire.",
        "name": "Nom de l’activité",
        "description": "Description",
        "graded": "Note sur",
        "not_graded": "Sans note",
        "chosen": "Contenu choisi :",
        "several": "Activités à créer :",
        "save": "Enregistrer et afficher",
        "cancel": "Annuler",
        "close": "Fermer",
        "dialog": "Choisir un contenu",
        "back": "Retour au cours",
        "person": "Personne",
        "no_grades": "Aucune activité notée.",
        "remove": "Retirer",
        "removed_sure": "Retirer cette activité du cours ?",
        "error": "Demande refusée",
        "nothing": "Aucun contenu n’a été choisi.",
        "back_to_form": "Le contenu est arrivé. Vous pouvez fermer cette fenêtre.",
        "going": "Ouverture de l’activité…",
        "continue": "Continuer",
        "skip": "Aller au contenu",
        "language": "Langue",
        "invalid_grade": "La note doit être un nombre entier de 1 à 100.",
    },
    "en": {
        "campus": "Demo campus",
        "intro": "This small campus plays the part of a school’s course space. "
        "Pick a person: each page opens in their name, in as many tabs as you like.",
        "teacher": "Teacher",
        "student_f": "Student",
        "student_m": "Student",
        "enter_as": "Enter as",
        "people": "People",
        "signed_in": "You are",
        "change": "Change person",
        "course": "Course",
        "activities": "Activities",
        "no_activity_teacher": "No activity yet. Add the first one.",
        "no_activity_student": "Your teacher has not placed anything here yet.",
        "add": "Add an activity",
        "grades": "Grades",
        "dashboard": "MyDocker dashboard",
        "new_window": "opens in a new tab",
        "new_title": "New activity",
        "select": "Select content",
        "select_help": "The content is chosen in the tool, then fills this form.",
        "name": "Activity name",
        "description": "Description",
        "graded": "Graded out of",
        "not_graded": "Not graded",
        "chosen": "Chosen content:",
        "several": "Activities to be created:",
        "save": "Save and display",
        "cancel": "Cancel",
        "close": "Close",
        "dialog": "Choose content",
        "back": "Back to the course",
        "person": "Person",
        "no_grades": "No graded activity.",
        "remove": "Remove",
        "removed_sure": "Remove this activity from the course?",
        "error": "Request refused",
        "nothing": "No content was chosen.",
        "back_to_form": "The content has arrived. You can close this window.",
        "going": "Opening the activity…",
        "continue": "Continue",
        "skip": "Skip to content",
        "language": "Language",
        "invalid_grade": "The grade must be a whole number from 1 to 100.",
    },
}


def language_of(wish: str | None, accept: str) -> Language:
    """`?lang` first, then what the browser asks for."""
    for part in [wish or "", *accept.split(",")]:
        code = part.strip()[:2].lower()
        if code == "fr":
            return "fr"
        if code == "en":
            return "en"
    return "en"
