/** A fake api and gateway, for working on the page and testing it without the platform. */
import { HttpResponse, http } from "msw"
import type {
  DeepLinkingReply,
  DeepLinkingRequest,
  Landing,
  LandingKind,
  Me,
  Signed,
} from "@/api/types"
import { problem } from "./answers"
import { apiTokenHandlers } from "./apiTokens"
import { capacityHandlers } from "./capacity"
import { courseHandlers } from "./courses"
import { uuid } from "./db"
import { environmentHandlers } from "./environments"
import { imageHandlers } from "./images"
import { peopleHandlers } from "./people"
import { platformHandlers } from "./platforms"
import { rootHandlers } from "./rootApprovals"
import { streamHandlers } from "./streams"

const landing = (kind: LandingKind, facts: Partial<Landing> = {}): Landing => ({
  kind,
  embedded: true,
  ...facts,
})

function signed(ticket: string) {
  const course_id = uuid(1, 1)
  const landings: Record<string, Landing> = {
    student: landing("window", { course_id }),
    picker: landing("picker", { deep_linking_id: uuid(7, 1) }),
    bind: landing("bind", { resource_link_id: uuid(6, 1) }),
    nothing: landing("nothing_yet"),
    lost: landing("unknown_course"),
  }
  return HttpResponse.json<Signed>({
    access_token: "fake",
    expires_in: 600,
    landing: landings[ticket] ?? landing("dashboard"),
    locale: null,
    web_session_id: uuid(5, 1),
    user_id: uuid(9, 1),
  })
}

const reply = () =>
  HttpResponse.json<DeepLinkingReply>({ return_url: "/fake-lms", jwt: "fake.jwt.value" })

const gateway = [
  http.post("/lti/tickets", async ({ request }) => {
    const { ticket } = (await request.json()) as { ticket: string }
    if (["used", "expired", "unknown"].includes(ticket)) return problem(400, `ticket_${ticket}`)
    return signed(ticket)
  }),
  http.post("/lti/tokens/refresh", () =>
    location.search.includes("over") ? problem(401, "web_session_over") : signed("dashboard"),
  ),
  http.get("/lti/deep-linking/:id", () =>
    HttpResponse.json<DeepLinkingRequest>({ several: true, grade_column: true }),
  ),
  http.post("/lti/deep-linking/:id", reply),
  http.post("/lti/deep-linking/:id/cancel", reply),
]

export const handlers = [
  ...gateway,
  ...courseHandlers,
  ...environmentHandlers,
  ...imageHandlers,
  ...peopleHandlers,
  ...platformHandlers,
  ...apiTokenHandlers,
  ...capacityHandlers,
  ...rootHandlers,
  ...streamHandlers,
  http.get("/api/me", () =>
    HttpResponse.json<Me>({
      id: uuid(9, 1),
      name: "Claire Fontaine",
      email: "claire.fontaine@example.edu",
      locale: "en",
      can: ["create_courses", "build_images", "operate"],
      build_approval: "approved",
      contexts: [{ id: uuid(8, 1), title: "Statistics, second year", role: "teacher" }],
    }),
  ),
]
