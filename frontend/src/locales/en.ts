/** English texts. French must have the same keys: `fr satisfies typeof en`. */

import { accountEn } from "./en/account"
import { apiTokensEn } from "./en/apiTokens"
import { bindEn, enterEn, faultEn, landingEn } from "./en/arrival"
import { courseEn } from "./en/course"
import { coursePeopleEn } from "./en/coursePeople"
import { desktopEn } from "./en/desktop"
import { directPortsEn } from "./en/directPorts"
import { diskEn } from "./en/disk"
import { editConflictEn } from "./en/editConflict"
import { buildEn, imageEn } from "./en/images"
import { leaseEn } from "./en/lease"
import { nodesEn } from "./en/nodes"
import { peopleEn } from "./en/people"
import { pickerEn } from "./en/picker"
import { platformsEn } from "./en/platforms"
import { poolsEn } from "./en/pools"
import { fieldProblemEn, problemEn } from "./en/problems"
import { reachEn } from "./en/reach"
import { adviceEn, reasonEn } from "./en/reasons"
import { refusalsEn } from "./en/refusals"
import { resourcesEn } from "./en/resources"
import { rootEn } from "./en/root"
import { portEn, sessionEn } from "./en/sessions"
import { signInEn } from "./en/signIn"
import { sshKeysEn } from "./en/sshKeys"
import { windowEn } from "./en/window"

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
    unsaved: "Changes that are not saved",
    leaveTitle: "Leave without saving?",
    leaveText: "Your changes on this page will be lost.",
    leave: "Leave without saving",
    stay: "Stay on this page",
    pages: "Pages",
    pageOf: "{{from}}–{{to}} of {{total}}",
    firstPage: "First page",
    noRows: "Nothing on this page.",
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
  coursePeople: coursePeopleEn,
  desktop: desktopEn,
  disk: diskEn,
  editConflict: editConflictEn,
  lease: leaseEn,
  sshKeys: sshKeysEn,
  resources: resourcesEn,
  nodes: nodesEn,
  direct: directPortsEn,
  pools: poolsEn,
  reach: reachEn,
  people: peopleEn,
  root: rootEn,
  refusals: refusalsEn,
  signIn: signInEn,
  landing: landingEn,
  bind: bindEn,
  fault: faultEn,
  problem: problemEn,
  fieldProblem: fieldProblemEn,
  window: windowEn,
  reason: reasonEn,
  advice: adviceEn,
  nav: {
    tokens: "API tokens",
    main: "Dashboard",
    courses: "Courses",
    images: "Images",
    operate: "Platform",
    people: "People",
    nodes: "Machines",
    root: "Root approvals",
    diagnostics: "Refused entries",
    calendar: "Calendar",
    collapse: "Show icons only",
    expand: "Show words",
    backToPicker: "Back to the choice for the activity",
    signedInAs: "Signed in as {{name}}",
    platforms: "Platforms",
  },
  course: courseEn,
  session: sessionEn,
  port: portEn,
  image: imageEn,
  build: buildEn,
  platforms: platformsEn,
  picker: pickerEn,
}
