/** Textes français ; mêmes clés que l'anglais. Espaces insécables et apostrophes véritables. */

import type { en } from "./en"
import { accountFr } from "./fr/account"
import { apiTokensFr } from "./fr/apiTokens"
import { bindFr, enterFr, faultFr, landingFr } from "./fr/arrival"
import { courseFr } from "./fr/course"
import { coursePeopleFr } from "./fr/coursePeople"
import { desktopFr } from "./fr/desktop"
import { directPortsFr } from "./fr/directPorts"
import { diskFr } from "./fr/disk"
import { editConflictFr } from "./fr/editConflict"
import { buildFr, imageFr } from "./fr/images"
import { leaseFr } from "./fr/lease"
import { nodesFr } from "./fr/nodes"
import { peopleFr } from "./fr/people"
import { pickerFr } from "./fr/picker"
import { platformsFr } from "./fr/platforms"
import { poolsFr } from "./fr/pools"
import { fieldProblemFr, problemFr } from "./fr/problems"
import { reachFr } from "./fr/reach"
import { adviceFr, reasonFr } from "./fr/reasons"
import { refusalsFr } from "./fr/refusals"
import { resourcesFr } from "./fr/resources"
import { rootFr } from "./fr/root"
import { portFr, sessionFr } from "./fr/sessions"
import { signInFr } from "./fr/signIn"
import { sshKeysFr } from "./fr/sshKeys"
import { windowFr } from "./fr/window"

export const fr = {
  app: {
    name: "MyDocker",
    skip: "Aller au contenu",
    loading: "Chargement…",
    language: "Langue",
    theme: "Apparence",
    theme_auto: "Comme l’appareil",
    theme_light: "Claire",
    theme_dark: "Sombre",
    preferences: "Langue et apparence",
    reference: "Référence",
    tryAgain: "Réessayer",
    cancel: "Annuler",
    close: "Fermer",
    save: "Enregistrer",
    saved: "Enregistré",
    show: "Afficher",
    hide: "Masquer",
    copy: "Copier",
    copied: "Copié",
    copyByHand: "Sélectionné : appuyez sur Ctrl+C",
    menu: "Ouvrir la navigation",
    closeMenu: "Fermer la navigation",
    actionsOf: "Actions pour {{name}}",
    unsaved: "Des modifications ne sont pas enregistrées",
    leaveTitle: "Quitter sans enregistrer ?",
    leaveText: "Vos modifications sur cette page seront perdues.",
    leave: "Quitter sans enregistrer",
    stay: "Rester sur la page",
    pages: "Pages",
    pageOf: "{{from}}–{{to}} sur {{total}}",
    firstPage: "Première page",
    noRows: "Rien sur cette page.",
    previousPage: "Page précédente",
    nextPage: "Page suivante",
    sortBy: "Trier par",
    next: "Continuer",
    none: "Aucun",
    fixFields_one: "Un champ demande votre attention :",
    fixFields_other: "{{count}} champs demandent votre attention :",
  },
  enter: enterFr,
  account: accountFr,
  apiTokens: apiTokensFr,
  coursePeople: coursePeopleFr,
  desktop: desktopFr,
  disk: diskFr,
  editConflict: editConflictFr,
  lease: leaseFr,
  sshKeys: sshKeysFr,
  resources: resourcesFr,
  nodes: nodesFr,
  direct: directPortsFr,
  pools: poolsFr,
  reach: reachFr,
  people: peopleFr,
  root: rootFr,
  refusals: refusalsFr,
  signIn: signInFr,
  landing: landingFr,
  bind: bindFr,
  fault: faultFr,
  problem: problemFr,
  fieldProblem: fieldProblemFr,
  window: windowFr,
  reason: reasonFr,
  advice: adviceFr,
  nav: {
    tokens: "Jetons d’API",
    main: "Tableau de bord",
    courses: "Cours",
    images: "Images",
    operate: "Plateforme",
    people: "Personnes",
    nodes: "Machines",
    root: "Approbations de root",
    diagnostics: "Entrées refusées",
    calendar: "Calendrier",
    collapse: "Icônes seules",
    expand: "Afficher les mots",
    backToPicker: "Revenir au choix pour l’activité",
    signedInAs: "Connecté : {{name}}",
    platforms: "Plateformes de cours",
  },
  course: courseFr,
  session: sessionFr,
  port: portFr,
  image: imageFr,
  build: buildFr,
  platforms: platformsFr,
  picker: pickerFr,
} satisfies typeof en
