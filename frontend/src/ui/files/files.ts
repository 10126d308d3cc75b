/** Files of a folder somewhere behind the api: a student's own, or what was submitted. */
import { authorizedFetch } from "@/api/client"
import type { components } from "@/api/schema"

export type FolderListing = components["schemas"]["FolderListing"]
export type FileEntry = components["schemas"]["FileEntry"]
export type ArchiveFormat = components["schemas"]["ArchiveFormat"]

/** Where files come from. `key` tells sources apart in the cache. */
export type FileSource = {
  key: readonly unknown[]
  list: (path: string) => Promise<FolderListing>
  /** The address of a file's bytes, for calls with a token. */
  contentOf: (path: string) => string
  /** The address from which the browser downloads these, for a minute. */
  addressOf: (paths: string[], format: ArchiveFormat) => Promise<string>
}

export async function bytesOf(source: FileSource, path: string): Promise<Blob> {
  const answer = await authorizedFetch(source.contentOf(path))
  if (!answer.ok) throw await answer.json()
  return answer.blob()
}

/** Have the browser save what is at an address: it stays on the page, also in the LMS's frame. */
export function saveFrom(address: string): void {
  const link = document.createElement("a")
  link.href = address
  link.download = ""
  link.click()
}

export const pathOf = (folder: string, name: string) => (folder ? `${folder}/${name}` : name)
export const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1)
