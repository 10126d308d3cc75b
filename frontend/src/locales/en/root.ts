/** English texts of builds that run as root: why, where, and an operator's approval. */
export const rootEn = {
  title: "Root in the container",
  strict:
    "With the protection “Strict”, a course runs this build without root: nobody has to approve it. The rest of this section is for the protection “Compatible”.",
  why: "Why it runs as root",
  unknown:
    "This build is older than the search for reasons. Build again to read why the image runs as root.",
  finding: {
    user_root: "The last USER of the Dockerfile is {{detail}}.",
    no_user: "Neither the Dockerfile nor its base image sets a USER: the image starts as root.",
    other_user:
      "The image starts as the user {{detail}}, not as root. The protection “Strict” may be enough.",
    program: "A program that needs root is started: {{detail}}.",
  },
  place: {
    dockerfile: "Dockerfile, line {{line}}",
    wrapper: "Start script, line {{line}}",
  },
  where: "Where it may start",
  free: "{{pools}}: without an approval. The machines remap users: root in the container has no rights on the machine.",
  needs:
    "{{pools}}: only with an approval of this build. No machine there remaps users: should a program leave its container, it is root on the machine.",
  state: {
    none: "No approval yet",
    asked: "Approval requested",
    approved: "Approved",
    refused: "Refused",
    revoked: "Approval revoked",
  },
  stateText: {
    none: "Courses with the protection “Compatible” cannot start this build there. Ask an operator.",
    asked: "{{name}} asked {{when}}. An operator answers; this page then changes by itself.",
    approved: "{{name}} approved this build {{when}}. A new build needs a new approval.",
    refused: "{{name}} refused {{when}}.",
    revoked:
      "{{name}} revoked the approval {{when}}. What runs goes on, the next start is refused.",
  },
  reason: "Reason: {{reason}}",
  comment: "Why the image needs root",
  commentHelp: "The operator reads it with the reasons above.",
  ask: "Ask for approval",
  askAgain: "Ask again",
  course: {
    title: "Students cannot start this build yet",
    none: "It runs as root, and no operator has approved this build.",
    asked: "It runs as root. The approval is requested; an operator has not answered yet.",
    refused: "It runs as root, and an operator refused this build.",
    revoked: "It runs as root, and an operator revoked the approval of this build.",
    open: "Open the build",
  },
  listTitle: "Root approvals",
  listText:
    "Builds that run as root where no machine remaps users. An approval is for one build; a new build needs a new one.",
  searchLabel: "Search by image or person",
  stateFilter: "State",
  allStates: "All states",
  emptyTitle: "No request yet",
  emptyText: "Requests appear here when teachers ask for them on the page of an image.",
  noMatch: "No request matches.",
  nobodyWaits: "No request is waiting.",
  column: {
    build: "Build",
    why: "Why it runs as root",
    state: "State",
    actions: "Actions",
  },
  build: "build {{number}}",
  courses_zero: "Not used by a course",
  courses_one: "Used by {{count}} course",
  courses_other: "Used by {{count}} courses",
  decide: {
    approve: "Approve",
    refuse: "Refuse…",
    revoke: "Revoke…",
  },
  decideNamed: {
    approve: "Approve build {{number}} of {{title}}",
    refuse: "Refuse build {{number}} of {{title}}",
    revoke: "Revoke the approval of build {{number}} of {{title}}",
  },
  question: {
    refuse: {
      title: "Refuse build {{number}} of {{title}}?",
      text: "Courses cannot start it as root where no machine remaps users.",
      confirm: "Refuse",
    },
    revoke: {
      title: "Revoke the approval of build {{number}} of {{title}}?",
      text: "Environments that run go on. The next start is refused.",
      confirm: "Revoke",
    },
  },
  reasonField: "Reason",
  reasonHelp: "The person who asked reads it.",
  reasonMissing: "Say why, in a few words.",
  waiting_zero: "No root approval is requested",
  waiting_one: "{{count}} root approval is requested",
  waiting_other: "{{count}} root approvals are requested",
}
