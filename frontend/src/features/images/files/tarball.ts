/** Packs a folder into a tar archive (POSIX.1-2001), without reading files: a Blob of their parts. */

import type { FolderFile } from "@/lib/transfer/dropped"

const BLOCK = 512
const encoder = new TextEncoder()

export function tarball(files: FolderFile[]): Blob {
  const parts: BlobPart[] = []
  for (const { path, file } of files) {
    const name = encoder.encode(path)
    if (name.length > 100 || name.length !== path.length) {
      const record = paxRecord("path", path)
      parts.push(header("pax", record.length, "x"), ...padded(record, record.length))
    }
    parts.push(header(name.length > 100 ? "long" : path, file.size, "0"))
    parts.push(...padded(file, file.size))
  }
  parts.push(new Uint8Array(2 * BLOCK))
  return new Blob(parts)
}

/** The archive compressed where the browser can. */
export async function packed(files: FolderFile[]): Promise<Blob> {
  const archive = tarball(files)
  if (!("CompressionStream" in globalThis)) return archive
  const stream = archive.stream().pipeThrough(new CompressionStream("gzip"))
  return new Response(stream).blob()
}

function padded(content: BlobPart, size: number): BlobPart[] {
  return [content, new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)]
}

function header(name: string, size: number, kind: string): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK)
  const put = (text: string, at: number) => block.set(encoder.encode(text), at)
  put(
    [...name]
      .map((sign) => (sign.charCodeAt(0) < 128 ? sign : "_"))
      .join("")
      .slice(0, 100),
    0,
  )
  put("0000644\0", 100)
  put("0000000\0", 108)
  put("0000000\0", 116)
  put(`${size.toString(8).padStart(11, "0")}\0`, 124)
  put("00000000000\0", 136)
  put(" ".repeat(8), 148)
  put(kind, 156)
  put("ustar\u000000", 257)
  const sum = block.reduce((total, value) => total + value, 0)
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  return block
}

/** `length key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = encoder.encode(` ${key}=${value}\n`).length
  let length = rest
  while (length !== rest + String(length).length) length = rest + String(length).length
  return encoder.encode(`${length} ${key}=${value}\n`) as Uint8Array<ArrayBuffer>
}
