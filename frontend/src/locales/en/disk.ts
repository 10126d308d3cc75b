/** Why an environment that wrote too much was ended, and what to do. */
export const diskEn = {
  container:
    "Your environment was stopped: outside your work folder it exceeded the {{limit}} allowed.",
  containerAdvice:
    "What was written there is lost; your work folder is kept. Start it again, and write less outside the folder.",
  containerUnsaved: "Your environment was stopped: it exceeded the {{limit}} allowed.",
  containerUnsavedAdvice: "What was written there is lost. Start it again, and write less.",
  work_folder:
    "Your environment was stopped: your work folder grew to {{used}}, more than the {{limit}} allowed.",
  work_folderAdvice:
    "The folder is kept; what was outside it is lost. Start it again, and delete files there first: it stops again if the folder grows.",
  machine:
    "Your environment was stopped: the machine’s disk was nearly full, and it was writing most.",
  machineAdvice:
    "Start it again, and delete what you do not need. If it stops again, tell your teacher.",
}
