/** Textes français ; mêmes clés que l'anglais. Espaces insécables et apostrophes véritables. */

import type { en } from "./en"
import { accountFr } from "./fr/account"
import { activitiesFr } from "./fr/activities"
import { apiTokensFr } from "./fr/apiTokens"
import { bindFr, enterFr, faultFr, landingFr } from "./fr/arrival"
import { capacityFr } from "./fr/capacity"
import { catalogueFr } from "./fr/catalogue"
import { courseFr } from "./fr/course"
import { courseFileFr } from "./fr/courseFile"
import { coursePeopleFr } from "./fr/coursePeople"
import { desktopFr } from "./fr/desktop"
import { directPortsFr } from "./fr/directPorts"
import { diskFr } from "./fr/disk"
import { dryRunFr } from "./fr/dryRun"
import { editConflictFr } from "./fr/editConflict"
import { extraTimeFr } from "./fr/extraTime"
import { filesFr } from "./fr/files"
import { folderFr } from "./fr/folder"
import { forecastFr } from "./fr/forecast"
import { buildFr, imageFr } from "./fr/images"
import { institutionFr } from "./fr/institution"
import { joinFr } from "./fr/join"
import { leaseFr } from "./fr/lease"
import { machinesFr } from "./fr/machines"
import { momentFr } from "./fr/moment"
import { nodesFr } from "./fr/nodes"
import { packagesFr } from "./fr/packages"
import { peopleFr } from "./fr/people"
import { personalDataFr } from "./fr/personalData"
import { pickerFr } from "./fr/picker"
import { platformsFr } from "./fr/platforms"
import { poolsFr } from "./fr/pools"
import { problemPageFr } from "./fr/problemPage"
import { fieldProblemFr, problemFr } from "./fr/problems"
import { reachFr } from "./fr/reach"
import { adviceFr, reasonFr } from "./fr/reasons"
import { refusalsFr } from "./fr/refusals"
import { resourcesFr } from "./fr/resources"
import { retentionFr } from "./fr/retention"
import { roomFr } from "./fr/room"
import { rootFr } from "./fr/root"
import { runningFr } from "./fr/running"
import { serviceAccountsFr } from "./fr/serviceAccounts"
import { portFr, sessionFr } from "./fr/sessions"
import { sharingFr } from "./fr/sharing"
import { signInFr } from "./fr/signIn"
import { sshKeysFr } from "./fr/sshKeys"
import { submissionsFr } from "./fr/submissions"
import { tracesFr } from "./fr/traces"
import { transferFr } from "./fr/transfer"
import { visibilityFr } from "./fr/visibility"
import { webhooksFr } from "./fr/webhooks"
import { windowFr } from "./fr/window"
import { windowOptionsFr } from "./fr/windowOptions"

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
    unsaved: "Modifications non enregistrées",
    leaveTitle: "Quitter sans enregistrer ?",
    leaveText: "Vos modifications sur cette page seront perdues.",
    leave: "Quitter sans enregistrer",
    stay: "Rester sur la page",
    pages: "Pages",
    pageOf: "{{from}}–{{to}} sur {{total}}",
    firstPage: "Première page",
    noRows: "Rien sur cette page.",
    showAll: "Tout afficher",
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
  webhooks: webhooksFr,
  capacity: capacityFr,
  dryRun: dryRunFr,
  forecast: forecastFr,
  coursePeople: coursePeopleFr,
  room: roomFr,
  extraTime: extraTimeFr,
  activities: activitiesFr,
  institution: institutionFr,
  join: joinFr,
  desktop: desktopFr,
  disk: diskFr,
  folder: folderFr,
  files: filesFr,
  submissions: submissionsFr,
  editConflict: editConflictFr,
  lease: leaseFr,
  sharing: sharingFr,
  sshKeys: sshKeysFr,
  resources: resourcesFr,
  moment: momentFr,
  machines: machinesFr,
  nodes: nodesFr,
  direct: directPortsFr,
  pools: poolsFr,
  reach: reachFr,
  people: peopleFr,
  packages: packagesFr,
  root: rootFr,
  running: runningFr,
  refusals: refusalsFr,
  retention: retentionFr,
  personalData: personalDataFr,
  signIn: signInFr,
  landing: landingFr,
  bind: bindFr,
  fault: faultFr,
  problem: problemFr,
  problemPage: problemPageFr,
  fieldProblem: fieldProblemFr,
  window: windowFr,
  windowOptions: windowOptionsFr,
  reason: reasonFr,
  advice: adviceFr,
  nav: {
    tokens: "Jetons d’API",
    webhooks: "Webhooks",
    serviceAccounts: "Comptes de service",
    main: "Tableau de bord",
    courses: "Cours",
    images: "Images",
    operate: "Plateforme",
    people: "Personnes",
    nodes: "Serveurs",
    forecast: "Prévisions",
    root: "Approbations de root",
    running: "Environnements",
    refusals: "Connexions refusées",
    calendar: "Calendrier",
    collapse: "Réduire le menu",
    expand: "Agrandir le menu",
    backToPicker: "Revenir au choix du contenu",
    signedInAs: "Connecté : {{name}}",
    platforms: "Plateformes de cours",
  },
  serviceAccounts: serviceAccountsFr,
  course: courseFr,
  courseFile: courseFileFr,
  session: sessionFr,
  port: portFr,
  catalogue: catalogueFr,
  traces: tracesFr,
  transfer: transferFr,
  visibility: visibilityFr,
  image: imageFr,
  build: buildFr,
  platforms: platformsFr,
  picker: pickerFr,
} satisfies typeof en
