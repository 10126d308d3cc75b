/** English texts of sending files. */
export const transferEn = {
  choose: "Choose files",
  chooseFolder: "Choose a folder",
  progress: "Progress of the upload",
}
