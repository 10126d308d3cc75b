/** English texts of the way in: launch, landing, binding, faults. */

export const enterEn = {
  title: "Opening your activity",
  text: "Checking who you are…",
  unusable: "You could not be signed in",
  again: "Open the activity again from your course.",
  ticket_expired: "This link was valid for one minute only.",
  ticket_used: "This link has already been used.",
  ticket_unknown: "This link is not known here.",
  web_session_over:
    "You were signed out, or your browser refuses the cookie that keeps you signed in.",
  cookieHelp:
    "If this comes back after each reload, allow cookies for this site in your browser, or use another browser.",
  endedTitle: "You were signed out",
  ended: {
    signed_out: "You signed out in this browser.",
    replaced: "Somebody else signed in with this browser, so your pages were closed here.",
    reuse: "You were signed out for safety: somebody may have copied your session.",
    user_disabled: "Your account is disabled. Contact support.",
    account_changed: "Your accounts have changed: sign in again.",
    platform_disabled: "Your course platform is disabled here.",
    deployment_disabled: "The tool that you used is disabled here.",
  },
  signIn: "Or sign in here",
  noTicket: "This page opens from an activity of your course.",
}

export const landingEn = {
  nothingYetTitle: "Nothing here yet",
  nothingYetText:
    "Your teacher has not chosen what this activity opens here. They choose when they open it themselves.",
  unknownTitle: "This activity opens nothing",
  unknownText:
    "The activity names something that no longer exists, or that is not open to you. Tell your teacher.",
  notOpenTitle: "You have no access to this page",
  notOpenText:
    "It does not exist, or you have no access to it any more. If you are in the course again, open the activity once more from there; otherwise ask your teacher.",
  notFoundTitle: "There is no such page",
  notFoundText: "The address may be mistyped, or the page was removed.",
}

export const bindEn = {
  title: "Which course does this activity open?",
  text: "Nothing is chosen here yet, or the activity was copied from another platform. Choose once: everybody who opens it will arrive there.",
  confirm: "Use this course",
}

export const faultEn = {
  title: "This page could not be shown",
}
