/** Why an environment that wrote too much was ended, and what to do. */
export const diskEn = {
  container:
    "Your environment was stopped: outside your work folder it wrote more than the {{limit}} it may.",
  containerAdvice:
    "What was written there is gone; your work folder is kept. Start it again, and write less outside the folder.",
  containerUnsaved: "Your environment was stopped: it wrote more than the {{limit}} it may.",
  containerUnsavedAdvice: "What was written there is gone. Start it again, and write less.",
  work_folder:
    "Your environment was stopped: your work folder grew to {{used}}, more than the {{limit}} it may hold.",
  work_folderAdvice:
    "The folder is kept; what was outside it is gone. Start it again, and delete something there first: it stops again if the folder grows.",
  machine:
    "Your environment was stopped: the server’s disk was nearly full, and it was writing most.",
  machineAdvice:
    "Start it again, and delete what you do not need. If it stops again, tell your teacher.",
}
