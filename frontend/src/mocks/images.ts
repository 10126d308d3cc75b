/** Images, their builds and the catalogue for working on the page. */
import { HttpResponse, http } from "msw"
import type { Image, ImageDraft } from "@/api/types"
import { missing, newEtag, newId, outdated, page } from "./answers"
import { buildOf, builds, catalogue, imageOf, images, lastBuild } from "./db"
import { startBuild } from "./fakeBuilds"

const whole = (image: Image): Image => ({ ...image, last_build: lastBuild(image.id) })

export const imageHandlers = [
  http.get("/api/images", ({ request }) => page(request, images.map(whole))),
  http.post("/api/images", async ({ request }) => {
    const draft = (await request.json()) as ImageDraft
    const image: Image = {
      ...(images[3] as Image),
      ...draft,
      id: newId(2),
      updated_at: new Date().toISOString(),
    }
    images.unshift(image)
    return HttpResponse.json(image, { status: 201 })
  }),
  http.get("/api/images/:id", ({ params }) => {
    const image = imageOf(params.id)
    return image ? HttpResponse.json(whole(image)) : missing()
  }),
  http.put("/api/images/:id", async ({ params, request }) => {
    const image = imageOf(params.id)
    if (!image) return missing()
    const refusal = outdated(request, image)
    if (refusal) return refusal
    const updated_at = new Date().toISOString()
    Object.assign(image, await request.json(), { updated_at, etag: newEtag() })
    return HttpResponse.json(whole(image))
  }),
  http.delete("/api/images/:id", ({ params, request }) => {
    const image = imageOf(params.id)
    if (!image) return missing()
    const refusal = outdated(request, image)
    if (refusal) return refusal
    images.splice(images.indexOf(image), 1)
    return new HttpResponse(null, { status: 204 })
  }),
  http.get("/api/images/:id/builds", ({ params }) => {
    const items = builds.filter((build) => build.image_id === params.id).reverse()
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 50 })
  }),
  http.post("/api/images/:id/builds", ({ params }) => {
    const image = imageOf(params.id)
    return image ? HttpResponse.json(startBuild(image), { status: 202 }) : missing()
  }),
  http.get("/api/builds/:id", ({ params }) => {
    const build = buildOf(params.id)
    return build ? HttpResponse.json(build) : missing()
  }),
  http.post("/api/builds/:id/cancel", ({ params }) => {
    const build = buildOf(params.id)
    if (!build) return missing()
    Object.assign(build, { phase: "cancelled", ended_at: new Date().toISOString() })
    return HttpResponse.json(build)
  }),
  http.get("/api/catalogue", () => HttpResponse.json(catalogue)),
  http.post("/api/catalogue/:name/copy", ({ params }) => {
    const entry = catalogue.find((known) => known.name === params.name)
    const model = params.name === "openssl" ? images[1] : images[0]
    const copy: Image = {
      ...(model as Image),
      id: newId(2),
      title: entry?.title.en ?? "",
      used_by: 0,
    }
    images.unshift(copy)
    return HttpResponse.json(copy, { status: 201 })
  }),
]
