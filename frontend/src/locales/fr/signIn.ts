/** Textes français : connexion sans cours, compte, déconnexion. */
import type { signInEn } from "../en/signIn"

export const signInFr = {
  title: "Connexion",
  intro: "Choisissez où se trouve votre compte.",
  with: "Continuer avec {{title}}",
  fromCourse: "Vous venez d’un cours ? Rouvrez-y l’activité : elle vous connecte automatiquement.",
  noProviders: "La connexion se fait depuis un cours. Ouvrez-y une activité.",
  operators:
    "Les administrateurs se connectent par un lien que donne la commande « mydocker admin link ».",
  link: {
    title: "Entrer en tant qu’administrateur",
    text: "Ce lien vous connecte en tant qu’administrateur de la plateforme. Il ne sert qu’une fois.",
    warning: "Ne continuez que si vous avez demandé ce lien vous-même.",
    enter: "Entrer",
  },
  out: {
    action: "Se déconnecter",
    title: "Vous êtes déconnecté",
    text: "Plus personne ne peut se connecter en votre nom depuis ce navigateur.",
    running: "Vos environnements continuent jusqu’à leur fin prévue.",
    provider:
      "Vous restez connecté à {{title}}. Sur un ordinateur partagé, déconnectez-vous aussi là-bas.",
    atProvider: "Se déconnecter aussi de {{title}}",
    course:
      "Vous restez connecté à votre espace de cours. Sur un ordinateur partagé, déconnectez-vous aussi là-bas.",
    again: "Se reconnecter",
  },
  noRights: {
    title: "Vous n’avez encore accès à aucun cours",
    text: "Vous êtes connecté comme {{name}}, mais aucun espace de cours ne vous donne un rôle ici.",
    teacher:
      "Si vous enseignez : ouvrez une de nos activités dans votre cours ; elle mène à ce tableau de bord avec vos droits.",
    student:
      "Si vous étudiez : ouvrez l’activité dans votre cours. Cette page ne vous est pas utile.",
    operator: "Si cela vous semble une erreur, écrivez aux responsables de la plateforme.",
  },
} satisfies typeof signInEn
