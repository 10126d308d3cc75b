/** People for working on the page: operators' list, and the people of a course. */
import { HttpResponse } from "msw"
import type { CoursePeople, PersonEntry, PersonOfCourse } from "@/api/types"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function entry(number: number, name: string, facts: Partial<PersonEntry> = {}): PersonEntry {
  return {
    id: uuid(9, number),
    name,
    email: `${name.toLowerCase().replace(" ", ".")}@example.edu`,
    issuer: "https://moodle.example.edu",
    subject: String(40 + number),
    created_at: ago(50_000),
    seen_at: ago(number * 37),
    operates: false,
    teaches: false,
    build_approval: "none",
    build_asked_at: null,
    disabled_at: null,
    disabled_reason: null,
    running_environments: 0,
    can: ["make_operator", "approve_build", "disable"],
    ...facts,
  }
}

export const people: PersonEntry[] = [
  entry(1, "Claire Fontaine", {
    operates: true,
    teaches: true,
    build_approval: "approved",
    can: ["unmake_operator"],
  }),
  entry(2, "Hugo Martin", {
    teaches: true,
    build_approval: "asked",
    build_asked_at: ago(90),
    can: ["make_operator", "approve_build", "withdraw_build", "disable"],
  }),
  entry(3, "Amina Benali", { running_environments: 1 }),
  entry(4, "Léo Petit", {
    disabled_at: ago(3_000),
    disabled_reason: "Left the school",
    can: ["enable"],
  }),
]

function activity(number: number, title: string) {
  return {
    resource_link_id: uuid(8, number),
    title,
    context_title: "Databases",
    entered_at: ago(60 * number),
  }
}

function member(number: number, name: string, facts: Partial<PersonOfCourse>): PersonOfCourse {
  return {
    key: `u${number}`,
    user_id: uuid(9, number),
    name,
    email: null,
    role: "student",
    listed: true,
    came: true,
    environment: null,
    started_at: null,
    score: null,
    activities: [activity(1, "Lab 1")],
    can: ["send_score", "extra_time"],
    ...facts,
  }
}

const members = [
  member(3, "Amina Benali", {
    environment: "ready",
    started_at: ago(12),
    score: {
      id: uuid(5, 1),
      resource_link_id: uuid(8, 1),
      activity: "Lab 1",
      given: 85.5,
      comment: null,
      sent_at: ago(3),
      state: "delivered",
      reason: null,
    },
  }),
  member(5, "Bruno Keller", { environment: "failed", started_at: ago(40) }),
  member(6, "Chloé Durand", { activities: [activity(1, "Lab 1"), activity(2, "Lab 1 (copy)")] }),
  member(7, "Dina Haddad", { came: false, user_id: null, activities: [], can: [] }),
]

const paged = <T>(items: T[]) => ({ items, total: items.length, page: 1, page_size: 50 })

const coursePeople = (request: Request): CoursePeople => {
  const which = new URL(request.url).searchParams.get("which")
  const shown = members.filter((person) => !which || (which === "started") === !!person.environment)
  return {
    ...paged(shown),
    started: 2,
    everybody: members.length,
    roster: "known",
    roster_at: ago(4),
    elsewhere: 3,
    can: ["sync", "stop"],
  }
}

export const peopleHandlers = [
  fake.get("/api/people", ({ request }) => {
    const query = new URL(request.url).searchParams
    const search = (query.get("search") ?? "").toLowerCase()
    const waiting = query.get("kind") === "waiting"
    return HttpResponse.json(
      paged(
        people.filter(
          (person) =>
            person.name.toLowerCase().includes(search) &&
            (!waiting || person.build_approval === "asked"),
        ),
      ),
    )
  }),
  fake.get("/api/courses/{course_id}/people", ({ request }) =>
    HttpResponse.json(coursePeople(request)),
  ),
  fake.post("/api/courses/{course_id}/people/sync", ({ request }) =>
    HttpResponse.json(coursePeople(request)),
  ),
]
