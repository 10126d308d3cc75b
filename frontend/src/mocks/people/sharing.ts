/** Rights of people to Courses and Images for working on the page. */
import { HttpResponse } from "msw"
import type { RightHolder, Sharing } from "@/api/types"
import { newId } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

function holder(facts: Partial<RightHolder>): RightHolder {
  return {
    name: null,
    email: null,
    right: "view",
    origin: "share",
    share_id: null,
    user_id: null,
    context_title: null,
    since: at(-2),
    is_me: false,
    ...facts,
  }
}

const people: RightHolder[] = [
  holder({
    name: "Claire Fontaine",
    origin: "owner",
    right: "edit",
    user_id: uuid(9, 1),
    is_me: true,
  }),
  holder({
    name: "Paul Rivière",
    email: "paul@example.org",
    right: "edit",
    share_id: uuid(13, 1),
    user_id: uuid(9, 2),
  }),
  holder({ email: "nadia@example.org", right: "test", share_id: uuid(13, 2) }),
  holder({ name: "Anne Dubois", origin: "role", user_id: uuid(9, 3), context_title: "Databases" }),
]

function sharing(kind: string): Sharing {
  return {
    people: people.filter(
      ({ right, origin }) => kind === "courses" || (right !== "test" && origin !== "role"),
    ),
    may_share: true,
    rights: kind === "courses" ? ["test", "view", "edit"] : ["view", "edit"],
    platforms: [{ issuer: "https://moodle.example.org", title: "moodle.example.org" }],
  }
}

const NOUNS = [
  ["courses", "/api/courses/{course_id}"],
  ["images", "/api/images/{image_id}"],
] as const

export const sharingHandlers = NOUNS.flatMap(([kind, noun]) => [
  fake.get(`${noun}/shares`, () => HttpResponse.json(sharing(kind))),
  fake.post(`${noun}/shares`, async ({ request }) => {
    const { email, right } = await request.json()
    const known = people.find((person) => person.email === email)
    if (known) known.right = right
    else people.push(holder({ email, right, share_id: newId(13) }))
    return HttpResponse.json(sharing(kind))
  }),
  fake.put(`${noun}/shares/{share_id}`, async ({ params, request }) => {
    const changed = people.find((person) => person.share_id === params.share_id)
    if (changed) Object.assign(changed, await request.json())
    return HttpResponse.json(sharing(kind))
  }),
  fake.delete(`${noun}/shares/{share_id}`, ({ params }) => {
    const index = people.findIndex((person) => person.share_id === params.share_id)
    if (index > 0) people.splice(index, 1)
    return new HttpResponse(null, { status: 204 })
  }),
  fake.post(`${noun}/shares/{share_id}/owner`, () => HttpResponse.json(sharing(kind))),
])
