/** Images, their builds and the catalogue for working on the page. */
import { HttpResponse } from "msw"
import type { Image, VisibilityRequest } from "@/api/types"
import { missing, newEtag, newId, outdated, page } from "@/mocks/answers"
import { buildOf, builds, imageOf, images, lastBuild } from "@/mocks/db"
import { fake } from "@/mocks/fake"
import { catalogue } from "./catalogue"
import { startBuild } from "./fakeBuilds"

const REQUEST: VisibilityRequest = {
  image_id: images[0]?.id ?? "",
  title: "Networks",
  description: "",
  owner_name: "Claire Fontaine",
  state: "asked",
  comment: "Every first year needs it.",
  asked_at: new Date().toISOString(),
  reason: "",
  decided_at: null,
  decided_by: null,
  courses: 2,
  can: ["approve", "refuse"],
}

const whole = (image: Image): Image => ({ ...image, last_build: lastBuild(image.id) })

export const imageHandlers = [
  fake.get("/api/images", ({ request }) => page(request, images.map(whole))),
  fake.post("/api/images", async ({ request }) => {
    const draft = await request.json()
    const image: Image = {
      ...(images[3] as Image),
      ...draft,
      id: newId(2),
      updated_at: new Date().toISOString(),
    }
    images.unshift(image)
    return HttpResponse.json(image, { status: 201 })
  }),
  fake.get("/api/images/{image_id}", ({ params }) => {
    const image = imageOf(params.image_id)
    return image ? HttpResponse.json(whole(image)) : missing()
  }),
  fake.put("/api/images/{image_id}", async ({ params, request }) => {
    const image = imageOf(params.image_id)
    if (!image) return missing()
    const refusal = outdated(request, image)
    if (refusal) return refusal
    const updated_at = new Date().toISOString()
    Object.assign(image, await request.json(), { updated_at, etag: newEtag() })
    return HttpResponse.json(whole(image))
  }),
  fake.delete("/api/images/{image_id}", ({ params, request }) => {
    const image = imageOf(params.image_id)
    if (!image) return missing()
    const refusal = outdated(request, image)
    if (refusal) return refusal
    images.splice(images.indexOf(image), 1)
    return new HttpResponse(null, { status: 204 })
  }),
  fake.get("/api/images/{image_id}/builds", ({ params }) => {
    const items = builds.filter((build) => build.image_id === params.image_id).reverse()
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 50 })
  }),
  fake.post("/api/images/{image_id}/builds", ({ params, request }) => {
    const useCache = new URL(request.url).searchParams.get("use_cache") !== "false"
    const image = imageOf(params.image_id)
    return image ? HttpResponse.json(startBuild(image, useCache), { status: 202 }) : missing()
  }),
  fake.get("/api/builds/{build_id}", ({ params }) => {
    const build = buildOf(params.build_id)
    return build ? HttpResponse.json(build) : missing()
  }),
  fake.post("/api/builds/{build_id}/cancel", ({ params }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    Object.assign(build, { phase: "cancelled", ended_at: new Date().toISOString() })
    return HttpResponse.json(build)
  }),
  fake.get("/api/images/{image_id}/visibility", ({ params }) =>
    HttpResponse.json({
      image_id: params.image_id,
      state: "private",
      comment: "",
      asked_at: null,
      reason: "",
      decided_at: null,
      can: ["ask"],
    }),
  ),
  fake.get("/api/images/{image_id}/uses", () => HttpResponse.json({ items: [], total: 0 })),
  fake.get("/api/image-visibility", () =>
    HttpResponse.json({ items: [REQUEST], total: 1, page: 1, page_size: 25 }),
  ),
  fake.get("/api/catalogue", () => HttpResponse.json(catalogue)),
  fake.post("/api/catalogue/{name}/builds", ({ params }) => {
    const entry = catalogue.find((known) => known.name === params.name)
    return entry?.last_build ? HttpResponse.json(entry.last_build, { status: 202 }) : missing()
  }),
  fake.post("/api/catalogue/{name}/copy", ({ params }) => {
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
