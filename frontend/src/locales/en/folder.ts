/** The work folder's size: the student's gauge, the teacher's field, the operator's pool. */
export const folderEn = {
  title: "Work folder",
  used: "{{used}} of {{allowed}}",
  files: "{{used}} of {{allowed}} files",
  warning: "Your work folder is more than 80 % full.",
  critical: "Your work folder is almost full.",
  full: "Your work folder is full: programs can no longer save.",
  delete: "Delete files you do not need, then save again. Nothing that is saved is lost.",
  deleteMany: "It holds too many files. Delete folders you do not need, such as caches.",
  size: "Size of the work folder (MiB)",
  sizeInvalid: "From 16 MiB on.",
  sizeLater:
    "Folders that exist get a larger size at their next start. They are never cut below what they hold.",
  defaultSize: "Default work folder (MiB)",
  maxSize: "Largest work folder (MiB)",
  quota: "On the disk of each machine, with a size",
  quotaText:
    "Every machine of the pool must run the volume plugin. Folders made before keep their place and have no size.",
}
