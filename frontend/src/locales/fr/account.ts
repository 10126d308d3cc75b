/** Textes français : son propre compte. */
import type { accountEn } from "../en/account"

export const accountFr = {
  title: "Votre compte",
  open: "Votre compte",
  back: "Retour au tableau de bord",
  way: {
    course: "Espace de cours {{host}}",
    command: "Lien d’administrateur",
  },
  ways: {
    title: "Moyens de connexion",
    text: "Chacun de ces moyens mène à ce compte.",
    subject: "Identifiant : {{subject}}",
    seen: "Dernier usage {{when}}",
    only: "C’est votre seul moyen de connexion : il ne peut pas être dissocié.",
  },
  unlink: {
    action: "Dissocier",
    label: "Dissocier {{way}}",
    title: "Dissocier {{way}} ?",
    kept: "Conservé : vos cours, images, environnements et travaux enregistrés.",
    lost: "Perdu : ce que {{way}} vous donne. Vous n’aurez plus accès aux cours rejoints par ce moyen. Si vous vous reconnectez par ce moyen, vous aurez un nouveau compte vide.",
    signedOut: "Vous serez déconnecté partout, ici aussi.",
  },
  another: {
    title: "Relier un autre moyen de connexion",
    text: "Vous vous y connectez, puis vous verrez les conséquences avant de confirmer.",
    with: "Relier {{title}}",
    noProviders: "Cette plateforme ne s’ouvre que depuis l’espace de cours.",
    allLinked: "Tous les services de connexion de la plateforme sont reliés à votre compte.",
    courseSpace:
      "Pour relier un espace de cours : ouvrez-y une activité, allez à « Votre compte », et reliez le même service de connexion.",
    framed: "Les services de connexion ne s’affichent pas dans un espace de cours.",
    ownTab: "Ouvrir votre compte dans un nouvel onglet",
    blocked: "Votre navigateur n’a pas ouvert d’onglet. Ouvrez-le ici, dans la minute.",
  },
  visit: {
    title: "Cette session",
    text: "Sur un ordinateur partagé, déconnectez-vous en partant.",
  },
  question: {
    joinTitle: "Réunir ces deux comptes ?",
    linkTitle: "Relier ce moyen de connexion à votre compte ?",
    mine: "Votre compte actuel : {{name}} ({{ways}})",
    other: "L’autre compte, prouvé à l’instant : {{name}} ({{ways}})",
    nothing: "Personne ne s’est encore connecté par ce moyen. Désormais, il mène à votre compte.",
    moves: "L’autre compte est supprimé. Votre compte reçoit :",
    empty: "L’autre compte ne contient rien. Désormais, il mène au vôtre.",
    stops_one: "Un environnement en cours de l’autre compte s’arrête. Le travail est conservé.",
    stops_other:
      "{{count}} environnements en cours de l’autre compte s’arrêtent. Le travail est conservé.",
    setAside:
      "Les deux ont un environnement dans : {{courses}}. Celui de votre compte actuel est conservé. Le travail de l’autre est mis de côté ; les administrateurs peuvent le retrouver.",
    warning: "Ne continuez que si les deux comptes sont à vous.",
    join: "Les réunir",
    link: "Relier",
    decline: "Ne rien changer",
    impossible: "Ces comptes ne peuvent pas être reliés",
    back: "Vers votre compte",
  },
  moving: {
    courses_one: "un cours que vous avez préparé",
    courses_other: "{{count}} cours que vous avez préparés",
    images_one: "une image",
    images_other: "{{count}} images",
    memberships_one: "un cours que vous avez rejoint",
    memberships_other: "{{count}} cours que vous avez rejoints",
    environments_one: "un environnement et son travail",
    environments_other: "{{count}} environnements et leur travail",
    ssh_keys_one: "une clé SSH",
    ssh_keys_other: "{{count}} clés SSH",
    operates: "le droit d’administrer cette plateforme",
    may_build: "l’autorisation de construire des images",
  },
  tab: {
    title: "Ouvrir votre compte dans cet onglet",
    text: "Vous venez de votre espace de cours et gardez ici le même compte.",
    whose: "Vous continuez en tant que {{name}}.",
    whoseEmail: "Vous continuez en tant que {{name}} ({{email}}).",
    warning:
      "Ne continuez que s’il s’agit de vous et que vous avez ouvert cet onglet vous-même, à l’instant.",
    enter: "Continuer",
  },
} satisfies typeof accountEn
