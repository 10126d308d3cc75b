/** What was dropped or chosen: an archive, a folder, or single files. */
const ARCHIVE = /\.(zip|tar|tgz|txz|tbz2|tar\.(gz|xz|bz2|zst))$/i

/** A file with its path below the folder that was chosen. */
export type FolderFile = { path: string; file: Blob }

export type Chosen =
  | { kind: "archive"; file: File }
  /** `name`: of the one folder that the paths are below; empty where they name their folders. */
  | { kind: "folder"; name: string; files: FolderFile[] }
  | { kind: "files"; files: FolderFile[] }

/** Reads what was dropped; must be called before the event ends. */
export async function readDrop(transfer: DataTransfer): Promise<Chosen | null> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null)
  const [only] = entries
  if (!only) return null
  if (entries.length === 1 && only.isDirectory) {
    const files = await filesIn(only as FileSystemDirectoryEntry, "")
    return { kind: "folder", name: only.name, files }
  }
  if (entries.some((entry) => entry.isDirectory)) {
    const parts = await Promise.all(entries.map((entry) => filesOf(entry, "")))
    return { kind: "folder", name: "", files: parts.flat() }
  }
  return chosenFiles([...transfer.files])
}

/** One archive is unpacked; anything else is added as it is. */
export function chosenFiles(files: File[]): Chosen | null {
  const [only] = files
  if (!only) return null
  if (files.length === 1 && ARCHIVE.test(only.name)) return { kind: "archive", file: only }
  return { kind: "files", files: files.map((file) => ({ path: file.name, file })) }
}

/** The files of `<input webkitdirectory>`, without the name of the folder itself. */
export function chosenFolder(files: File[]): Chosen | null {
  const inside = files.map((file) => ({
    path: file.webkitRelativePath.split("/").slice(1).join("/"),
    file,
  }))
  const name = files[0]?.webkitRelativePath.split("/")[0] ?? ""
  return inside.length ? { kind: "folder", name, files: inside } : null
}

async function filesOf(entry: FileSystemEntry, parent: string): Promise<FolderFile[]> {
  const path = parent + entry.name
  if (entry.isDirectory) return filesIn(entry as FileSystemDirectoryEntry, `${path}/`)
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  )
  return [{ path, file }]
}

async function filesIn(folder: FileSystemDirectoryEntry, parent: string): Promise<FolderFile[]> {
  const reader = folder.createReader()
  const files: FolderFile[] = []
  // A reader answers with at most 100 entries at a time, and with none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return files
    for (const entry of some) files.push(...(await filesOf(entry, parent)))
  }
}
