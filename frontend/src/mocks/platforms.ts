/** Platforms, invitations and keys of the fake api. */
import { HttpResponse } from "msw"
import type { Invitation, JournalEntry, OwnKey, Platform, PlatformDraft } from "@/api/types"
import { newEtag, outdated, problem } from "./answers"
import { uuid } from "./db"
import { fake } from "./fake"

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const ahead = (minutes: number) => ago(-minutes)
const SITE = "https://moodle.example.edu"

function platform(number: number, facts: Partial<Platform> = {}): Platform {
  return {
    id: uuid(8, number),
    etag: newEtag(),
    name: "Moodle of the faculty",
    issuer: SITE,
    client_id: "EV54Jwrz7IxqnSL",
    authorization_url: `${SITE}/mod/lti/auth.php`,
    token_url: `${SITE}/mod/lti/token.php`,
    jwks_url: `${SITE}/mod/lti/certs.php`,
    origins: [SITE],
    state: "active",
    source: "manual",
    product: "moodle 2024100706",
    deployments: [
      { deployment_id: "1", enabled: true, created_at: ago(90_000) },
      { deployment_id: "4", enabled: false, created_at: ago(80_000) },
    ],
    created_at: ago(90_000),
    approved_at: ago(90_000),
    disabled_at: null,
    used_at: ago(2),
    visitors: 37,
    shares_people_with: [],
    ...facts,
  }
}

const pending = {
  name: "Campus libre",
  issuer: "https://libre.example.org",
  state: "pending",
  source: "invitation",
  approved_at: null,
  used_at: null,
  visitors: 0,
} as const

export const platforms: Platform[] = [platform(1), platform(2, pending)]

const invitations: Invitation[] = [
  {
    id: uuid(4, 1),
    label: "Campus libre",
    state: "used",
    made_by: uuid(9, 1),
    created_at: ago(3_000),
    expires_at: ahead(1_320),
    used_at: ago(200),
    withdrawn_at: null,
    platform_id: uuid(8, 2),
    platform_name: "Campus libre",
  },
  {
    id: uuid(4, 2),
    label: "École du Nord",
    state: "open",
    made_by: uuid(9, 1),
    created_at: ago(60),
    expires_at: ahead(4_260),
    used_at: null,
    withdrawn_at: null,
    platform_id: null,
    platform_name: null,
  },
]

function line(number: number, kind: string, facts: Partial<JournalEntry>): JournalEntry {
  const by = { actor: uuid(9, 1), actor_name: "Claire Fontaine" }
  return { number, kind, happened_at: ago(2_710 - 900 * number), ...by, facts: {}, ...facts }
}

const journal = [
  line(3, "disabled", {}),
  line(2, "changed", { facts: { issuer: SITE, fields: ["jwks_url"] } }),
  line(1, "added", { actor: "command", actor_name: null, facts: { issuer: SITE } }),
]

function key(facts: Partial<OwnKey>): OwnKey {
  return {
    kid: "5f0c6a3e9b7d4c1fa2e8d6b4c3a1f0e9",
    purpose: "platforms",
    state: "signing",
    created_at: ago(50_000),
    signs_from: ago(50_000),
    signs_until: null,
    published_until: null,
    retired_at: null,
    ...facts,
  }
}

const keys: OwnKey[] = [
  key({ kid: "a1b2c3d4e5f60718293a4b5c6d7e8f90", state: "next", signs_from: ahead(1_440) }),
  key({}),
  key({ kid: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", purpose: "access" }),
]

const paged = <T>(items: T[]) => ({ items, total: items.length, page: 1, page_size: 25 })
const platformOf = (id: unknown) => platforms.find((known) => known.id === id)

const ACTS = [
  ["/api/platforms/{platform_id}/approve", { state: "active", approved_at: ago(0) }],
  ["/api/platforms/{platform_id}/enable", { state: "active", disabled_at: null }],
  ["/api/platforms/{platform_id}/disable", { state: "disabled", disabled_at: ago(0), visitors: 0 }],
] as const

function refusal(draft: PlatformDraft) {
  const wrong = (["authorization_url", "token_url", "jwks_url"] as const).filter(
    (name) => !draft[name].startsWith("https://"),
  )
  if (wrong.length === 0) return null
  const fields = wrong.map((field) => ({ field, code: "address_not_https", message: "" }))
  return problem(422, "fields_invalid", { fields })
}

/** Another key set for the issuer of the first platform asks for an explicit yes. */
function shared(draft: PlatformDraft, url: string) {
  const [first] = platforms
  const accepted = new URL(url).searchParams.get("shares_people") === "true"
  if (accepted || draft.issuer !== first?.issuer || draft.jwks_url === first.jwks_url) return null
  const named = `${first.name} (${first.jwks_url})`
  return problem(409, "issuer_shared", { parameters: { platforms: named } })
}

export const platformHandlers = [
  fake.get("/api/platforms/tool", () => {
    const here = "https://labs.example.edu"
    return HttpResponse.json({
      tool_url: `${here}/lti/launch`,
      login_url: `${here}/lti/login`,
      redirect_url: `${here}/lti/launch`,
      key_set_url: `${here}/lti/jwks.json`,
      deep_linking_url: `${here}/lti/launch`,
      icon_url: `${here}/icon.svg`,
      domain: "labs.example.edu",
    })
  }),
  fake.get("/api/platforms/invitations", () => HttpResponse.json(paged(invitations))),
  fake.post("/api/platforms/invitations", async ({ request }) => {
    const { label } = await request.json()
    const [model] = invitations.slice(1)
    const invitation = { ...model, id: uuid(4, 3), label } as Invitation
    const url = "https://labs.example.edu/lti/register?invitation=s3cret-of-this-invitation"
    return HttpResponse.json({ invitation, url }, { status: 201 })
  }),
  fake.post("/api/platforms/invitations/{invitation_id}/withdraw", () =>
    HttpResponse.json(invitations[1]),
  ),
  fake.get("/api/platforms", () => HttpResponse.json(paged(platforms))),
  fake.post("/api/platforms", async ({ request }) => {
    const draft = await request.json()
    return (
      refusal(draft) ??
      shared(draft, request.url) ??
      HttpResponse.json(platform(3, { name: draft.name }), { status: 201 })
    )
  }),
  fake.get("/api/platforms/{platform_id}", ({ params }) => {
    const registered = platformOf(params.platform_id)
    return registered ? HttpResponse.json(registered) : problem(404, "platform_unknown")
  }),
  fake.put("/api/platforms/{platform_id}", async ({ params, request }) => {
    const draft = await request.json()
    const people = new URL(request.url).searchParams.get("people")
    const registered = platformOf(params.platform_id)
    if (!registered) return problem(404, "platform_unknown")
    const edit = outdated(request, registered)
    if (edit) return edit
    if (draft.issuer !== registered.issuer && !people) return problem(409, "issuer_changes")
    return (
      refusal(draft) ??
      shared(draft, request.url) ??
      HttpResponse.json({ ...registered, name: draft.name, etag: newEtag() })
    )
  }),
  fake.get("/api/platforms/{platform_id}/events", () => HttpResponse.json(paged(journal))),
  fake.get("/api/platforms/{platform_id}/keys", () =>
    HttpResponse.json({
      kids: ["moodle-kid-1"],
      fetched_at: ago(30),
      tried_at: ago(30),
      failure: null,
    }),
  ),
  fake.post("/api/platforms/{platform_id}/keys", () =>
    HttpResponse.json({ kids: [], fetched_at: null, tried_at: ago(0), failure: "status 503" }),
  ),
  fake.get("/api/platforms/{platform_id}/earlier-issuers", () =>
    HttpResponse.json(["https://old.example.edu"]),
  ),
  fake.get("/api/platforms/{platform_id}/disabling", () =>
    HttpResponse.json({ visitors: 37, environments: 12 }),
  ),
  fake.get("/api/platforms/{platform_id}/people", () =>
    HttpResponse.json({ people: 412, apart: 2 }),
  ),
  fake.post("/api/platforms/{platform_id}/people", () =>
    HttpResponse.json({ moved: 412, apart: 2 }),
  ),
  fake.put("/api/platforms/{platform_id}/deployments", ({ params, request }) => {
    const current = platformOf(params.platform_id)
    return (current && outdated(request, current)) ?? HttpResponse.json(current)
  }),
  ...ACTS.map(([path, facts]) =>
    fake.post(path, ({ params }) => {
      const registered = platformOf(params.platform_id)
      if (!registered) return problem(404, "platform_unknown")
      return HttpResponse.json(Object.assign(registered, facts))
    }),
  ),
  fake.get("/api/refusals", () =>
    HttpResponse.json({
      ...paged([
        {
          reference: "K7F3-9QD2",
          reason: "token_expired",
          refused_at: ago(42),
          registration_id: uuid(8, 1),
          platform: "Moodle of the faculty",
          facts: { late: 75 },
          claims: null,
        },
      ]),
      reasons: { token_expired: 1 },
    }),
  ),
  fake.get("/api/signing-keys", () => HttpResponse.json(keys)),
  fake.post("/api/signing-keys", async ({ request }) => {
    const { at_once } = await request.json()
    return at_once ? HttpResponse.json(keys, { status: 201 }) : problem(409, "key_waits")
  }),
  fake.post("/api/signing-keys/{kid}/retire", ({ params }) =>
    HttpResponse.json(keys.filter((known) => known.kid !== params.kid)),
  ),
]
