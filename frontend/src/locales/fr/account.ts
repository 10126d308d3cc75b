/** Textes français : son propre compte. */
import type { accountEn } from "../en/account"

export const accountFr = {
  title: "Votre compte",
  open: "Votre compte",
  back: "Retour au tableau de bord",
  way: {
    course: "Espace de cours {{host}}",
    command: "Lien d’opérateur",
  },
  ways: {
    title: "Comment vous entrez",
    text: "Chacun de ces moyens mène à ce compte.",
    subject: "Connu là-bas comme {{subject}}",
    seen: "Dernier usage {{when}}",
    only: "C’est votre seul moyen d’entrer : il ne peut pas être dissocié.",
  },
  unlink: {
    action: "Dissocier",
    label: "Dissocier {{way}}",
    title: "Dissocier {{way}} ?",
    kept: "Conservé : vos cours, images, environnements et travaux enregistrés.",
    lost: "Perdu : ce que {{way}} vous donne. Les cours rejoints de là vous sont fermés. Si vous revenez de là, vous aurez un compte neuf et vide.",
    signedOut: "Vous serez déconnecté partout, ici aussi.",
  },
  another: {
    title: "Relier un autre moyen d’entrer",
    text: "Vous vous y connectez. Vous lisez ensuite ce que cela change, avant que rien ne change.",
    with: "Relier {{title}}",
    noProviders: "On n’entre sur cette plateforme que par l’espace de cours.",
    allLinked: "Tous les services de connexion de la plateforme sont reliés à votre compte.",
    courseSpace:
      "Pour relier un espace de cours : ouvrez-y une activité, allez à « Votre compte », et reliez le même service de connexion.",
    framed: "Les services de connexion ne s’affichent pas dans un espace de cours.",
    ownTab: "Ouvrir votre compte dans un nouvel onglet",
    blocked: "Votre navigateur n’a pas ouvert d’onglet. Ouvrez-le ici, dans la minute.",
  },
  visit: {
    title: "Cette visite",
    text: "Sur un ordinateur partagé, déconnectez-vous en partant.",
  },
  question: {
    joinTitle: "Réunir ces deux comptes ?",
    linkTitle: "Relier ce moyen d’entrer à votre compte ?",
    mine: "Le compte où vous êtes : {{name}} ({{ways}})",
    other: "Celui où vous venez de vous connecter : {{name}} ({{ways}})",
    nothing: "Personne n’est encore venu par là. Désormais, il mène à votre compte.",
    moves: "Ceci devient vôtre, et l’autre compte disparaît :",
    empty: "L’autre compte ne contient rien. Désormais, il mène au vôtre.",
    stops_one: "Un environnement en cours de l’autre compte s’arrête. Le travail est conservé.",
    stops_other:
      "{{count}} environnements en cours de l’autre compte s’arrêtent. Le travail est conservé.",
    setAside:
      "Les deux ont un environnement dans : {{courses}}. Celui du compte où vous êtes reste. Le travail de l’autre est mis de côté ; les opérateurs peuvent le retrouver.",
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
    operates: "le droit d’exploiter cette plateforme",
    may_build: "l’autorisation de construire des images",
  },
  tab: {
    title: "Ouvrir votre compte dans cet onglet",
    text: "Vous venez de votre espace de cours. Vous continuez ici, la même personne.",
    whose: "Vous continuez en tant que {{name}}.",
    whoseEmail: "Vous continuez en tant que {{name}} ({{email}}).",
    warning:
      "Ne continuez que s’il s’agit de vous et que vous avez ouvert cet onglet vous-même, à l’instant.",
    enter: "Continuer",
  },
} satisfies typeof accountEn
