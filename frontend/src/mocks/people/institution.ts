/** What the institution of the fake campus says of itself. */
import { HttpResponse } from "msw"
import type { InstitutionSettings } from "@/api/types"
import { fake } from "@/mocks/fake"

const NOTHING = { colour: null, help_url: null, logo: null, support_url: null }

let settings: InstitutionSettings = {
  name: "École d’ingénieurs",
  colour: "#8a1538",
  logo: null,
  help_url: "https://help.example.edu/labs",
  support_url: "mailto:support@example.edu",
  announcements: [],
}

const stored = () => ({ settings, changed_at: null, etag: JSON.stringify(settings.name) })

export const institutionHandlers = [
  fake.get("/api/institution", () => HttpResponse.json({ ...NOTHING, ...settings })),
  fake.get("/api/institution/settings", () => HttpResponse.json(stored())),
  fake.put("/api/institution/settings", async ({ request }) => {
    settings = await request.json()
    return HttpResponse.json(stored())
  }),
]
