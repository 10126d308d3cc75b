/** English texts of the dialog of two edits of one thing. */

export const editConflictEn = {
  title: "Another version was saved",
  text: "It was changed after you opened this page, perhaps in another tab of yours. Nothing is lost: choose which version to keep.",
  savedByAt: "Last change by {{name}}, {{when}}.",
  savedBy: "Last change by {{name}}.",
  savedAt: "Last change {{when}}.",
  mine: "What you wrote",
  theirs: "What is saved now",
  takenOver: "Also changed meanwhile, and kept as saved: {{fields}}.",
  keepTheirs: "Keep the saved version",
  saveMine: "Save mine over it",
  goOn: "Go on editing",
  yes: "Yes",
  no: "No",
  empty: "(empty)",
}
