/** A forecast for working on the page: sessions each day, what was used, two requests. */
import { HttpResponse } from "msw"
import type { CapacityRequest, Forecast, ForecastPoint, ForecastSession } from "@/api/types"
import { missing } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"
import { capacityCheck } from "./capacityCheck"

const HOUR = 3_600_000
const COURSES = ["Cryptography", "Data science with Python", "Databases"]
/** Hours of the day, students and machines of each Course's daily session. */
const DAILY = [
  { from: 9, to: 12, students: 36, machines: 3 },
  { from: 10, to: 13, students: 20, machines: 2 },
  { from: 14, to: 17, students: 45, machines: 4.5 },
]
const EXISTING = 4
const MOST = 8

const iso = (at: number) => new Date(at).toISOString()
const sessionId = (day: number, course: number) => uuid(4, 9000 + day * 10 + course)

function forecast(from: number, to: number, pool: string): Forecast {
  const now = Date.now()
  const days = Math.round((to - from) / (24 * HOUR))
  const sessions: ForecastSession[] = []
  const points: ForecastPoint[] = []
  for (let day = 0; day < days; day++) {
    const midnight = from + day * 24 * HOUR
    DAILY.forEach((slot, course) => {
      sessions.push({
        id: sessionId(day, course),
        course_id: uuid(1, course + 1),
        course_title: COURSES[course] as string,
        title: `Lab ${day + 1}`,
        students: slot.students,
        starts_at: iso(midnight + slot.from * HOUR),
        ends_at: iso(midnight + slot.to * HOUR),
        capacity: "reserved",
        may_open: true,
      })
    })
    for (let hour = 0; hour < 24; hour++) points.push(pointAt(midnight, hour, now))
  }
  const samples = points
    .filter(({ starts_at }) => new Date(starts_at).getTime() < now)
    .map((point) => ({
      at: point.starts_at,
      environments: Math.round(point.environments * 0.8),
      waiting: 0,
      machines: EXISTING,
      used_machines: Math.min(EXISTING, Math.round(point.needed * 0.8)),
      planned_environments: point.environments,
      planned_machines: point.needed,
    }))
  return {
    pool,
    pool_title: "CPU",
    starts_at: iso(from),
    ends_at: iso(to),
    now: iso(now),
    observed: true,
    machines: EXISTING,
    most_machines: MOST,
    courses: COURSES.map((title, index) => ({ id: uuid(1, index + 1), title })),
    points,
    sessions,
    orders: [{ order_at: iso(now + HOUR), needed_at: iso(now + 2 * HOUR), count: 1 }],
    samples,
    cost: 12.4,
  }
}

function pointAt(midnight: number, hour: number, now: number): ForecastPoint {
  const due = DAILY.map((slot, course) => ({ ...slot, course })).filter(
    ({ from, to }) => from <= hour && hour < to,
  )
  const needed = Math.ceil(due.reduce((sum, { machines }) => sum + machines, 0))
  const starts = midnight + hour * HOUR
  const added = starts > now && needed > EXISTING
  return {
    starts_at: iso(starts),
    ends_at: iso(starts + HOUR),
    environments: due.reduce((sum, { students }) => sum + students, 0),
    waiting: 0,
    needed,
    machines: added ? needed : EXISTING,
    reasons: added ? ["made"] : ["enough"],
    bands: Object.fromEntries(due.map(({ course, machines }) => [uuid(1, course + 1), machines])),
    hidden: 0,
  }
}

function request(number: number, students: number): CapacityRequest {
  const starts = Date.now() + number * 26 * HOUR
  return {
    session_id: uuid(4, 9900 + number),
    title: `Exam ${number}`,
    course_id: uuid(1, number),
    course_title: COURSES[number] as string,
    owner_name: "Grace",
    students,
    starts_at: iso(starts),
    ends_at: iso(starts + 2 * HOUR),
    check: capacityCheck(students, iso(starts)),
  }
}

let requests = [request(1, 90), request(2, 120)]

export const forecastHandlers = [
  fake.get("/api/forecast", ({ request }) => {
    const query = new URL(request.url).searchParams
    const time = (name: string) => new Date(query.get(name) ?? 0).getTime()
    return HttpResponse.json(forecast(time("from"), time("to"), query.get("pool") ?? "default"))
  }),
  fake.get("/api/capacity-requests", () =>
    HttpResponse.json({ items: requests, total: requests.length, page: 1, page_size: 25 }),
  ),
  fake.put("/api/capacity-requests/{session_id}", ({ params }) => {
    if (!requests.some(({ session_id }) => session_id === params.session_id)) return missing()
    requests = requests.filter(({ session_id }) => session_id !== params.session_id)
    return new HttpResponse(null, { status: 204 })
  }),
]
