/** English texts of the picker. */

export const pickerEn = {
  title: "Choose what the activity opens",
  text: "Students who open the activity arrive in the course you choose.",
  multiple: "Choose several",
  chosen_zero: "No course chosen",
  chosen_one: "{{count}} course chosen",
  chosen_other: "{{count}} courses chosen",
  grade: "Add a column in the gradebook",
  confirm: "Add to the course space",
  cancel: "Cancel",
  empty: "You have no course yet.",
  noMatch: "No course matches.",
  create: "Create a course",
  courses: "Courses",
  made: "Made by {{name}} on {{date}}",
  notYours: "Only its owner and editors may place it.",
  notReady: "Students cannot open it yet.",
  makeReady: "Open to students",
  returning: "Going back to your course space…",
  stuck: {
    blocked: "Your browser blocked sending the choice to your course space",
    blockedHelp:
      "This page may not send forms to {{origin}}. Give this address to the operator of MyDocker: the platform must be registered with it.",
    silent: "Your course space does not answer",
    silentHelp:
      "Nothing has come back from {{origin}}. Send it again; if nothing happens, check the network, close this window and choose the content again.",
    again: "Send it again",
  },
}
