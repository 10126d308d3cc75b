/** The import rules of `biome.json` refuse each planted violation. */
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { afterAll, expect, it } from "vitest"

const project = mkdtempSync(join(tmpdir(), "layers-"))
copyFileSync("biome.json", join(project, "biome.json"))
afterAll(() => rmSync(project, { recursive: true }))

/** What Biome reports about files with these contents, as `rule file` in the order of the files. */
function report(files: Record<string, string>): string[] {
  rmSync(join(project, "src"), { recursive: true, force: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(project, dirname(path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
  const options = ["lint", "--reporter=github", "--colors=off", "--max-diagnostics=none"]
  const biome = spawnSync(resolve("node_modules/.bin/biome"), options, {
    cwd: project,
    encoding: "utf-8",
  })
  const diagnostics = biome.stdout.matchAll(/title=lint\/\w+\/(\w+),file=[^,]*?(src\/[^,]+),/g)
  return [...diagnostics].map(([, rule, path]) => `${rule} ${path}`).sort()
}

const importing = (name: string) => `export const planted = () => import("${name}")\n`

it("refuses imports from a layer above and from another feature", () => {
  const planted = {
    "src/api/a.ts": importing("@/lib/live"),
    "src/features/window/another.ts": importing("@/features/people/people"),
    "src/features/window/connections/relative.ts": importing("../../people/people"),
    "src/features/window/mocks.ts": importing("@/mocks/db"),
    "src/features/window/one.test.ts": importing("@/features/people/people"),
    "src/features/window/relative.ts": importing("../people/people"),
    "src/features/window/route.ts": importing("@/routes/enter"),
    "src/lib/l.ts": importing("@/ui/list/Pager"),
    "src/mocks/m.ts": importing("@/features/people/people"),
    "src/theme/t.ts": importing("@/ui/list/Pager"),
    "src/ui/u.tsx": importing("@/features/people/people"),
  }
  expect(report(planted)).toEqual(
    Object.keys(planted)
      .map((path) => `noRestrictedImports ${path}`)
      .sort(),
  )
})

it("lets each layer import those below", () => {
  const allowed = {
    "src/features/window/connections/parent.ts": importing("../window"),
    "src/features/window/mocks.test.ts": importing("@/mocks/db"),
    "src/features/window/ui.ts": importing("@/ui/list/Pager"),
    "src/lib/l.ts": importing("@/api/client"),
    "src/routes/r.tsx": importing("@/features/people/people"),
    "src/ui/u.tsx": importing("@/lib/live"),
  }
  expect(report(allowed)).toEqual([])
})

it("refuses cycles of files, of types and of dynamic imports too", () => {
  const cycles = {
    "src/lib/a.ts": 'import type { B } from "./b"\nexport type A = B | null\n',
    "src/lib/b.ts": 'import type { A } from "./a"\nexport type B = A[]\n',
    "src/lib/c.ts": importing("./d"),
    "src/lib/d.ts": importing("./c"),
  }
  expect(report(cycles)).toEqual(Object.keys(cycles).map((path) => `noImportCycles ${path}`))
})
