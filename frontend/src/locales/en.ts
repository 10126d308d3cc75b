/** English texts. French must have the same keys: `fr satisfies typeof en`. */

import { accountEn } from "./en/account"
import { activitiesEn } from "./en/activities"
import { apiTokensEn } from "./en/apiTokens"
import { bindEn, enterEn, faultEn, landingEn } from "./en/arrival"
import { capacityEn } from "./en/capacity"
import { catalogueEn } from "./en/catalogue"
import { courseEn } from "./en/course"
import { courseFileEn } from "./en/courseFile"
import { coursePeopleEn } from "./en/coursePeople"
import { desktopEn } from "./en/desktop"
import { directPortsEn } from "./en/directPorts"
import { diskEn } from "./en/disk"
import { dryRunEn } from "./en/dryRun"
import { editConflictEn } from "./en/editConflict"
import { extraTimeEn } from "./en/extraTime"
import { filesEn } from "./en/files"
import { folderEn } from "./en/folder"
import { forecastEn } from "./en/forecast"
import { buildEn, imageEn } from "./en/images"
import { institutionEn } from "./en/institution"
import { joinEn } from "./en/join"
import { leaseEn } from "./en/lease"
import { machinesEn } from "./en/machines"
import { momentEn } from "./en/moment"
import { nodesEn } from "./en/nodes"
import { packagesEn } from "./en/packages"
import { peopleEn } from "./en/people"
import { personalDataEn } from "./en/personalData"
import { pickerEn } from "./en/picker"
import { platformsEn } from "./en/platforms"
import { poolsEn } from "./en/pools"
import { problemPageEn } from "./en/problemPage"
import { fieldProblemEn, problemEn } from "./en/problems"
import { reachEn } from "./en/reach"
import { adviceEn, reasonEn } from "./en/reasons"
import { refusalsEn } from "./en/refusals"
import { resourcesEn } from "./en/resources"
import { retentionEn } from "./en/retention"
import { roomEn } from "./en/room"
import { rootEn } from "./en/root"
import { runningEn } from "./en/running"
import { serviceAccountsEn } from "./en/serviceAccounts"
import { portEn, sessionEn } from "./en/sessions"
import { sharingEn } from "./en/sharing"
import { signInEn } from "./en/signIn"
import { sshKeysEn } from "./en/sshKeys"
import { submissionsEn } from "./en/submissions"
import { tracesEn } from "./en/traces"
import { transferEn } from "./en/transfer"
import { visibilityEn } from "./en/visibility"
import { webhooksEn } from "./en/webhooks"
import { windowEn } from "./en/window"
import { windowOptionsEn } from "./en/windowOptions"

export const en = {
  app: {
    name: "MyDocker",
    skip: "Skip to the content",
    loading: "Loading…",
    language: "Language",
    theme: "Appearance",
    theme_auto: "As the device",
    theme_light: "Light",
    theme_dark: "Dark",
    preferences: "Language and appearance",
    reference: "Reference",
    tryAgain: "Try again",
    cancel: "Cancel",
    close: "Close",
    save: "Save",
    saved: "Saved",
    show: "Show",
    hide: "Hide",
    copy: "Copy",
    copied: "Copied",
    copyByHand: "Selected: press Ctrl+C",
    menu: "Open the navigation",
    closeMenu: "Close the navigation",
    actionsOf: "Actions for {{name}}",
    unsaved: "Unsaved changes",
    leaveTitle: "Leave without saving?",
    leaveText: "Your changes on this page will be lost.",
    leave: "Leave without saving",
    stay: "Stay on this page",
    pages: "Pages",
    pageOf: "{{from}}–{{to}} of {{total}}",
    firstPage: "First page",
    noRows: "Nothing on this page.",
    showAll: "Show all",
    previousPage: "Previous page",
    nextPage: "Next page",
    sortBy: "Sort by",
    next: "Continue",
    none: "None",
    fixFields_one: "One field needs your attention:",
    fixFields_other: "{{count}} fields need your attention:",
  },
  enter: enterEn,
  account: accountEn,
  apiTokens: apiTokensEn,
  webhooks: webhooksEn,
  capacity: capacityEn,
  dryRun: dryRunEn,
  forecast: forecastEn,
  coursePeople: coursePeopleEn,
  room: roomEn,
  extraTime: extraTimeEn,
  activities: activitiesEn,
  institution: institutionEn,
  join: joinEn,
  desktop: desktopEn,
  disk: diskEn,
  folder: folderEn,
  files: filesEn,
  submissions: submissionsEn,
  editConflict: editConflictEn,
  lease: leaseEn,
  sharing: sharingEn,
  sshKeys: sshKeysEn,
  resources: resourcesEn,
  moment: momentEn,
  machines: machinesEn,
  nodes: nodesEn,
  direct: directPortsEn,
  pools: poolsEn,
  reach: reachEn,
  people: peopleEn,
  packages: packagesEn,
  root: rootEn,
  running: runningEn,
  refusals: refusalsEn,
  retention: retentionEn,
  personalData: personalDataEn,
  signIn: signInEn,
  landing: landingEn,
  bind: bindEn,
  fault: faultEn,
  problem: problemEn,
  problemPage: problemPageEn,
  fieldProblem: fieldProblemEn,
  window: windowEn,
  windowOptions: windowOptionsEn,
  reason: reasonEn,
  advice: adviceEn,
  nav: {
    tokens: "API tokens",
    webhooks: "Webhooks",
    serviceAccounts: "Service accounts",
    main: "Dashboard",
    courses: "Courses",
    images: "Images",
    operate: "Platform",
    people: "People",
    nodes: "Machines",
    forecast: "Forecast",
    root: "Root approvals",
    running: "Environments",
    refusals: "Refused sign-ins",
    calendar: "Calendar",
    collapse: "Collapse the menu",
    expand: "Expand the menu",
    backToPicker: "Back to choosing content",
    signedInAs: "Signed in as {{name}}",
    platforms: "Platforms",
  },
  serviceAccounts: serviceAccountsEn,
  course: courseEn,
  courseFile: courseFileEn,
  session: sessionEn,
  port: portEn,
  catalogue: catalogueEn,
  traces: tracesEn,
  transfer: transferEn,
  visibility: visibilityEn,
  image: imageEn,
  build: buildEn,
  platforms: platformsEn,
  picker: pickerEn,
}
