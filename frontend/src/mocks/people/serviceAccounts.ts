/** Service accounts for working on the page. */
import { HttpResponse } from "msw"
import type { ApiTokenShown, ServiceAccount } from "@/api/types"
import { missing, newEtag, newId, outdated } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

function account(number: number, name: string, facts: Partial<ServiceAccount>): ServiceAccount {
  return {
    id: uuid(14, number),
    etag: newEtag(),
    name,
    rights: [],
    owner_id: uuid(9, 1),
    owner_name: "Claire Fontaine",
    owner_operates: true,
    created_at: at(-30),
    disabled_at: null,
    tokens: 0,
    last_used_at: null,
    can: ["disable"],
    ...facts,
  }
}

const accounts = [
  account(1, "Git hook of the databases image", {
    rights: ["create_courses", "build_images"],
    last_used_at: at(-0.02),
  }),
  account(2, "Dashboard of the IT department", {
    owner_name: "Hugo Martin",
    owner_operates: false,
    can: ["disable", "take_over"],
  }),
  account(3, "Student records", { rights: ["operate"], disabled_at: at(-2), can: ["enable"] }),
]
const tokens = new Map<string, ApiTokenShown[]>()

function token(name: string, scopes: string[]): ApiTokenShown {
  return {
    id: newId(12),
    name,
    ending: "pQ7r",
    scopes,
    created_at: at(-20),
    expires_at: at(70),
    last_used_at: null,
    revoked_at: null,
  }
}
tokens.set(uuid(14, 1), [token("GitLab", ["images:write"])])

const accountOf = (id: unknown) => accounts.find((known) => known.id === id)
const shown = (known: ServiceAccount) => ({ ...known, tokens: tokens.get(known.id)?.length ?? 0 })

function decided(id: unknown, facts: Partial<ServiceAccount>) {
  const known = accountOf(id)
  if (!known) return missing()
  return HttpResponse.json<ServiceAccount>(shown(Object.assign(known, facts)))
}

export const serviceAccountHandlers = [
  fake.get("/api/service-accounts", ({ request }) => {
    const search = (new URL(request.url).searchParams.get("search") ?? "").toLowerCase()
    const items = accounts.filter(({ name }) => name.toLowerCase().includes(search)).map(shown)
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 25 })
  }),
  fake.post("/api/service-accounts", async ({ request }) => {
    const { name, rights = [] } = await request.json()
    const made = { ...account(0, name, { rights }), id: newId(14) }
    accounts.push(made)
    return HttpResponse.json(made, { status: 201 })
  }),
  fake.get("/api/service-accounts/{account_id}", ({ params }) => decided(params.account_id, {})),
  fake.put("/api/service-accounts/{account_id}", async ({ params, request }) => {
    const known = accountOf(params.account_id)
    if (!known) return missing()
    const draft = await request.json()
    return outdated(request, known) ?? decided(params.account_id, { ...draft, etag: newEtag() })
  }),
  fake.put("/api/service-accounts/{account_id}/disabled", ({ params }) =>
    decided(params.account_id, { disabled_at: at(0), can: ["enable"] }),
  ),
  fake.delete("/api/service-accounts/{account_id}/disabled", ({ params }) =>
    decided(params.account_id, { disabled_at: null, can: ["disable"] }),
  ),
  fake.put("/api/service-accounts/{account_id}/owner", ({ params }) =>
    decided(params.account_id, {
      owner_name: "Claire Fontaine",
      owner_operates: true,
      can: ["disable"],
    }),
  ),
  fake.get("/api/service-accounts/{account_id}/tokens", ({ params }) =>
    HttpResponse.json(tokens.get(String(params.account_id)) ?? []),
  ),
  fake.post("/api/service-accounts/{account_id}/tokens", async ({ params, request }) => {
    const draft = await request.json()
    const made = token(draft.name, draft.scopes)
    tokens.set(String(params.account_id), [made, ...(tokens.get(String(params.account_id)) ?? [])])
    const secret = `mydocker_pat_${"0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT"}${made.ending}Zz`
    return HttpResponse.json({ ...made, token: secret }, { status: 201 })
  }),
]
