/** English texts of the picker. */

export const pickerEn = {
  title: "Choose what the activity opens",
  text: "Students who open the activity arrive in the course you choose.",
  multiple: "Choose several",
  chosen_zero: "Nothing chosen",
  chosen_one: "{{count}} course chosen",
  chosen_other: "{{count}} courses chosen",
  grade: "Add a column in the gradebook",
  confirm: "Add to the course",
  cancel: "Cancel",
  empty: "You have no course yet.",
  noMatch: "No course matches.",
  create: "Create a course",
  courses: "Courses",
  notReady: "Students cannot open it yet.",
  makeReady: "Make it ready",
  returning: "Going back to your course…",
}
