/** Jupyter notebooks as cells of plain text and pictures: nothing in them is ever run. */

export type Output =
  | { kind: "text"; text: string; isError: boolean }
  | { kind: "picture"; source: string }
  | { kind: "hidden"; type: string }
export type Cell = {
  kind: "code" | "text"
  count: number | null
  source: string
  outputs: Output[]
}

const PICTURES = ["image/png", "image/jpeg"]
const BASE64 = /^[A-Za-z0-9+/=\s]*$/
// Colours of a terminal, in tracebacks.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with ESC
const ANSI = /\u001b\[[0-9;]*m/g
const MOST_CELLS = 2000

/** The cells, or null where this is no notebook. */
export function cellsOf(text: string): Cell[] | null {
  let notebook: unknown
  try {
    notebook = JSON.parse(text)
  } catch {
    return null
  }
  const cells = field(notebook, "cells")
  if (!Array.isArray(cells)) return null
  return cells.slice(0, MOST_CELLS).map((cell) => ({
    kind: field(cell, "cell_type") === "code" ? "code" : "text",
    count: numberOf(field(cell, "execution_count")),
    source: textOf(field(cell, "source")),
    outputs: listOf(field(cell, "outputs")).map(outputOf),
  }))
}

function outputOf(output: unknown): Output {
  const type = field(output, "output_type")
  if (type === "stream") {
    const isError = field(output, "name") === "stderr"
    return { kind: "text", text: plain(textOf(field(output, "text"))), isError }
  }
  if (type === "error") {
    const lines = listOf(field(output, "traceback")).map(textOf)
    const said = lines.join("\n") || textOf(field(output, "evalue"))
    return { kind: "text", text: plain(said), isError: true }
  }
  const data = field(output, "data")
  for (const picture of PICTURES) {
    const content = textOf(field(data, picture))
    if (content && BASE64.test(content)) {
      return { kind: "picture", source: `data:${picture};base64,${content.replace(/\s/g, "")}` }
    }
  }
  const text = field(data, "text/plain")
  if (text !== undefined) return { kind: "text", text: textOf(text), isError: false }
  const [first] = typeof data === "object" && data ? Object.keys(data) : []
  return { kind: "hidden", type: first ?? String(type) }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** Texts are strings, or lists of lines. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value
  return listOf(value)
    .filter((line) => typeof line === "string")
    .join("")
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null
}

const plain = (text: string) => text.replace(ANSI, "")
