/** A fake api and gateway, for working on the page and testing it without the platform. */
import { HttpResponse } from "msw"
import type {
  DeepLinkingReply,
  DeepLinkingRequest,
  Landing,
  LandingKind,
  Me,
  Signed,
} from "@/api/types"
import { problem } from "./answers"
import { courseFileHandlers } from "./courseFiles"
import { courseHandlers } from "./courses"
import { uuid } from "./db"
import { environmentHandlers } from "./environments/environments"
import { extraTimeHandlers } from "./environments/extraTime"
import { joinHandlers } from "./environments/joining"
import { retentionHandlers } from "./environments/retention"
import { roomHandlers } from "./environments/room"
import { runningHandlers } from "./environments/running"
import { useHandlers } from "./environments/use"
import { fake } from "./fake"
import { fileHandlers } from "./files"
import { contextHandlers } from "./images/contexts"
import { imageHandlers } from "./images/images"
import { packageHandlers } from "./images/packages"
import { recipeHandlers } from "./images/recipes"
import { rootHandlers } from "./images/rootApprovals"
import { trialHandlers } from "./images/trials"
import { capacityHandlers } from "./machines/capacity"
import { forecastHandlers } from "./machines/forecast"
import { scalingHandlers } from "./machines/scaling"
import { apiTokenHandlers } from "./people/apiTokens"
import { institutionHandlers } from "./people/institution"
import { peopleHandlers } from "./people/people"
import { personalDataHandlers } from "./people/personalData"
import { serviceAccountHandlers } from "./people/serviceAccounts"
import { sharingHandlers } from "./people/sharing"
import { webhookHandlers } from "./people/webhooks"
import { platformHandlers } from "./platforms"
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
  fake.post("/lti/tickets", async ({ request }) => {
    const { ticket } = await request.json()
    if (ticket === "unknown") return problem(401, "ticket_unknown")
    if (ticket === "expired") return problem(409, "ticket_expired")
    if (ticket === "used") return problem(409, "ticket_used")
    return signed(ticket)
  }),
  fake.post("/lti/tokens/refresh", () =>
    location.search.includes("over") ? problem(401, "web_session_over") : signed("dashboard"),
  ),
  fake.get("/lti/deep-linking/{id}", () =>
    HttpResponse.json<DeepLinkingRequest>({ several: true, grade_column: true }),
  ),
  fake.post("/lti/deep-linking/{id}", reply),
  fake.post("/lti/deep-linking/{id}/cancel", reply),
]

export const handlers = [
  ...gateway,
  ...fileHandlers,
  ...retentionHandlers,
  ...personalDataHandlers,
  ...courseFileHandlers,
  ...courseHandlers,
  ...environmentHandlers,
  ...contextHandlers,
  ...imageHandlers,
  ...trialHandlers,
  ...packageHandlers,
  ...recipeHandlers,
  ...peopleHandlers,
  ...platformHandlers,
  ...apiTokenHandlers,
  ...webhookHandlers,
  ...serviceAccountHandlers,
  ...capacityHandlers,
  ...forecastHandlers,
  ...scalingHandlers,
  ...rootHandlers,
  ...runningHandlers,
  ...roomHandlers,
  ...extraTimeHandlers,
  ...institutionHandlers,
  ...useHandlers,
  ...joinHandlers,
  ...sharingHandlers,
  ...streamHandlers,
  fake.get("/api/me", () =>
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
