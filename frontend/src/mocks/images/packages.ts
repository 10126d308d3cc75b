/** What builds contain, for working on the page: build 1 of each image is older than the lists. */
import { HttpResponse } from "msw"
import { missing } from "@/mocks/answers"
import { buildOf, builds, imageOf } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const PACKAGES = [
  ["deb", "libssl3", "3.0.11-1~deb12u2", "openssl"],
  ["deb", "openssl", "3.0.11-1~deb12u2", ""],
  ["deb", "python3.11", "3.11.2-6+deb12u6", ""],
  ["npm", "@jupyterlab/application", "4.2.5", ""],
  ["pypi", "jupyterlab", "4.2.5", ""],
  ["pypi", "numpy", "2.1.3", ""],
  ["cran", "ggplot2", "3.5.1", ""],
] as const
const listed = () =>
  PACKAGES.map(([kind, name, version, source]) => ({ kind, name, version, source }))

function page<T extends object>(request: Pick<Request, "url">, all: T[]) {
  const query = new URL(request.url).searchParams
  const [number, size] = [Number(query.get("page") ?? 1), Number(query.get("page_size") ?? 25)]
  const items = all.slice((number - 1) * size, number * size)
  const answered = { items, total: all.length, page: number, page_size: size }
  return HttpResponse.json<typeof answered>(answered)
}

export const packageHandlers = [
  fake.get("/api/builds/{build_id}/inventory", ({ params }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    const known = build.number > 1
    return HttpResponse.json({
      build_id: build.id,
      state: known ? "complete" : "unknown",
      detail: known ? "" : "built before lists of packages were made",
      distribution: known ? "debian 12" : "",
      packages: known ? PACKAGES.length : 0,
      read_at: known ? (build.ended_at ?? null) : null,
    })
  }),
  fake.get("/api/builds/{build_id}/packages", ({ request }) => {
    const search = new URL(request.url).searchParams.get("search") ?? ""
    return page(
      request,
      listed().filter(({ name, version }) => `${name} ${version}`.includes(search)),
    )
  }),
  fake.get("/api/builds/{build_id}/sbom", () =>
    HttpResponse.json({ bomFormat: "CycloneDX", specVersion: "1.5", components: listed() }),
  ),
  fake.get("/api/packages", ({ request }) => {
    const query = new URL(request.url).searchParams
    const name = query.get("name")
    const uses = builds
      .filter((build) => build.number > 1)
      .flatMap((build) =>
        listed()
          .filter((entry) => entry.name === name || entry.source === name)
          .filter((entry) => entry.version.startsWith(query.get("version") ?? ""))
          .map((entry) => ({
            package: entry,
            build_id: build.id,
            build_number: build.number,
            image_id: build.image_id,
            image_title: imageOf(build.image_id)?.title ?? null,
            owner_name: imageOf(build.image_id)?.owner_name ?? null,
            courses: 2,
          })),
      )
    return page(request, uses)
  }),
  fake.get("/api/package-coverage", () =>
    HttpResponse.json({ complete: 1, partial: 0, unknown: 2 }),
  ),
]
