/** French texts of what a teacher chooses for the student's window. */
import type { windowOptionsEn } from "../en/windowOptions"

export const windowOptionsFr = {
  ports: "Ports affichés",
  port: "{{title}} ({{number}})",
  links: "Liens",
  linkTitle: "Titre",
  linkUrl: "Adresse",
  addLink: "Ajouter un lien",
  removeLink: "Retirer le lien {{name}}",
  templates: "Ce qui peut être complété pour chaque étudiant",
  templatesText:
    "Une adresse commence par http://, https://, ssh:// ou vnc://. Ces mots sont remplacés quand l’étudiant ouvre le lien. Une page de l’environnement s’ouvre sans nouvelle connexion.",
  template: {
    HOST: "L’hôte d’un port, ici 8888",
    PORT: "Le numéro par lequel on atteint le port",
    IP: "L’hôte de l’environnement",
    USERNAME: "Le nom d’utilisateur de l’étudiant",
    PASSWORD: "Le mot de passe de l’étudiant ; il figure alors dans l’adresse",
    USER_REDIRECT: "Le chemin à la fin d’un lien d’inscription, vide sans lui",
  },
} satisfies typeof windowOptionsEn
