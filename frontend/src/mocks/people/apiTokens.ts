/** API tokens for working on the page: mine, and everybody's. */
import { HttpResponse } from "msw"
import type { ApiTokenOfPerson, ApiTokenShown } from "@/api/types"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

function token(number: number, name: string, facts: Partial<ApiTokenShown> = {}): ApiTokenShown {
  return {
    id: uuid(12, number),
    name,
    ending: ["aB3x", "Qk90", "7fTz"][number % 3] ?? "0000",
    scopes: ["courses:write", "sessions:write"],
    created_at: at(-40),
    expires_at: at(50),
    last_used_at: at(-0.1),
    revoked_at: null,
    ...facts,
  }
}

const mine: ApiTokenShown[] = [
  token(1, "Courses of August"),
  token(2, "Git hook of the databases image", { scopes: ["images:write"], last_used_at: null }),
  token(3, "Old laptop", { revoked_at: at(-3), expires_at: at(10) }),
]

export const apiTokenHandlers = [
  fake.get("/api/me/api-tokens", () => HttpResponse.json(mine)),
  fake.post("/api/me/api-tokens", async ({ request }) => {
    const draft = await request.json()
    const made = token(9, draft.name, { scopes: draft.scopes, last_used_at: null })
    mine.unshift(made)
    const secret = `mydocker_pat_${"0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT"}${made.ending}Zz`
    return HttpResponse.json({ ...made, token: secret }, { status: 201 })
  }),
  fake.delete("/api/api-tokens/{token_id}", ({ params }) => {
    const revoked = mine.find(({ id }) => id === params.token_id)
    if (revoked) revoked.revoked_at = at(0)
    return new HttpResponse(null, { status: 204 })
  }),
  fake.get("/api/api-tokens", () => {
    const owner = { owner_id: uuid(9, 1), owner_name: "Claire Fontaine" }
    const items: ApiTokenOfPerson[] = mine.map((own) => ({ ...own, ...owner }))
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 25 })
  }),
]
