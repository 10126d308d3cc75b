/** English texts of signing in without a course, the account, and signing out. */
export const signInEn = {
  title: "Sign in",
  intro: "Choose where you have your account.",
  with: "Continue with {{title}}",
  fromCourse:
    "You come from a course? Open the activity there again: it signs you in automatically.",
  noProviders: "You sign in from a course. Open an activity there.",
  operators: "Operators sign in with a link that the command “mydocker admin link” prints.",
  link: {
    title: "Enter as an operator",
    text: "This link signs you in here as an operator of the platform. It works once.",
    warning: "Go on only if you asked for this link yourself.",
    enter: "Enter",
  },
  out: {
    action: "Sign out",
    title: "You are signed out",
    text: "Nobody can sign in here in your name from this browser now.",
    running: "Your environments go on until they end by themselves.",
    provider: "You are still signed in at {{title}}. On a shared computer, sign out there too.",
    atProvider: "Sign out of {{title}} too",
    course:
      "You are still signed in to your course space. On a shared computer, sign out there too.",
    again: "Sign in again",
  },
  noRights: {
    title: "You have no access to a course yet",
    text: "You are signed in as {{name}}, but no course space gives you a role here.",
    teacher:
      "If you teach: open an activity of ours in your course; it leads to this dashboard with your rights.",
    student: "If you study: open the activity in your course. You do not need this page.",
    operator: "If you think this is wrong, write to the people who run this platform.",
  },
}
