/** Compares three versions of a draft: as it was read, as it was written here, as it is saved now. */

export type Difference = { path: string; mine: unknown; theirs: unknown }

export type Comparison<Draft> = {
  /** What was written here, on top of what is saved now. */
  merged: Draft
  /** Fields written here that are saved with another value. */
  differing: Difference[]
  /** Fields changed by the other edit alone; `merged` has them as saved. */
  takenOver: string[]
  changedByThem: boolean
}

/** `groups` are objects whose fields count one by one; every other value counts as a whole. */
export function compare<Draft extends object>(
  base: Draft,
  mine: Draft,
  theirs: Draft,
  groups: readonly string[] = [],
): Comparison<Draft> {
  const before = leaves(base, groups)
  const here = leaves(mine, groups)
  const saved = leaves(theirs, groups)
  const merged = structuredClone(theirs)
  const differing: Difference[] = []
  const takenOver: string[] = []
  let changedByThem = false
  for (const path of new Set([...here.keys(), ...saved.keys()])) {
    const [was, own, other] = [before.get(path), here.get(path), saved.get(path)]
    const changedThere = !same(was, other)
    if (changedThere) changedByThem = true
    if (same(was, own)) {
      if (changedThere) takenOver.push(path)
      continue
    }
    put(merged, path, own)
    if (!same(own, other)) differing.push({ path, mine: own, theirs: other })
  }
  return { merged, differing, takenOver, changedByThem }
}

/** Equal as JSON; an absent field is one that is null. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value ?? null
  const entries = Object.entries(value).filter(([, inner]) => (inner ?? null) !== null)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]),
  )
}

function leaves(draft: object, groups: readonly string[]): Map<string, unknown> {
  return new Map(
    Object.entries(draft).flatMap(([key, value]) =>
      groups.includes(key) && value
        ? Object.entries(value).map(([name, inner]) => [`${key}.${name}`, inner] as const)
        : [[key, value] as const],
    ),
  )
}

function put(draft: object, path: string, value: unknown): void {
  const [key = "", name] = path.split(".")
  const target = draft as Record<string, unknown>
  if (name === undefined) target[key] = value
  else target[key] = { ...(target[key] as object | undefined), [name]: value }
}

const WHOLE_UP_TO = 12
const CONTEXT = 2
const CUT = "…"

/** Of two long texts, the lines between the first and the last that differ, with some around. */
export function excerpts(mine: string, theirs: string): [string, string] {
  const [a, b] = [mine.split("\n"), theirs.split("\n")]
  if (Math.max(a.length, b.length) <= WHOLE_UP_TO) return [mine, theirs]
  const shortest = Math.min(a.length, b.length)
  let head = 0
  while (head < shortest && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < shortest - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1
  const first = Math.max(0, head - CONTEXT)
  const cut = (lines: string[]) => {
    const end = Math.min(lines.length, lines.length - tail + CONTEXT)
    const shown = lines.slice(first, end)
    return [...(first > 0 ? [CUT] : []), ...shown, ...(end < lines.length ? [CUT] : [])].join("\n")
  }
  return [cut(a), cut(b)]
}
