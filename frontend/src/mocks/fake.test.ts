/** The fake api answers what the services describe; each refused line here must stay refused. */
import { getResponse, HttpResponse } from "msw"
import { expect, it } from "vitest"
import { problem } from "./answers"
import { fake } from "./fake"

it("passes the parameters of a path by their described names", async () => {
  const handler = fake.delete("/api/courses/{course_id}/shares/{share_id}", ({ params }) =>
    problem(404, "not_found", { detail: `${params.course_id} ${params.share_id}` }),
  )
  const request = new Request(new URL("/api/courses/12/shares/34", location.href), {
    method: "DELETE",
  })
  const response = await getResponse([handler], request)
  expect(response?.status).toBe(404)
  expect(await response?.json()).toMatchObject({ code: "not_found", detail: "12 34" })
})

/** Checked by tsc: never called. */
const refused = () => [
  // @ts-expect-error no such path
  fake.get("/api/labs", () => HttpResponse.json([])),
  // @ts-expect-error no such method
  fake.delete("/api/courses", () => new HttpResponse(null, { status: 204 })),
  // @ts-expect-error no such parameter
  fake.get("/api/webhooks/{webhook_id}", ({ params }) => problem(404, "not_found", params.id)),
  // @ts-expect-error no such problem code
  fake.get("/api/courses/{course_id}", () => problem(404, "course_unknown")),
  // @ts-expect-error a code with another status
  fake.get("/api/courses/{course_id}", () => problem(409, "not_found")),
  // @ts-expect-error fields are missing
  fake.get("/api/webhooks", () => HttpResponse.json([{ id: "1" }])),
  fake.post("/api/webhooks", async ({ request }) => {
    const draft = await request.json()
    // @ts-expect-error no such field in the request
    return problem(409, "webhooks_full", { detail: draft.address })
  }),
]

it("refuses what the services do not describe", () => expect(refused).toBeTypeOf("function"))
