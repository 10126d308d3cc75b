/** The typed client of the api: bearer token, one retry with a fresh token, problems as errors. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"
import createFetchClient from "openapi-fetch"
import createQueryClient from "openapi-react-query"
import { asProblem, isProblem, type Problem } from "./problems"
import type { paths } from "./schema"
import { accessToken, dropToken, endSession } from "./session"

/** fetch with the web session: what every call and the event stream go through. */
export async function authorizedFetch(
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init)
  const again = request.clone()
  const token = await accessToken()
  const response = await fetch(withToken(request, token))
  if (response.status !== 401) return response
  const why = await whyOver(response)
  if (why) {
    endSession(why)
    return response
  }
  dropToken(token)
  return fetch(withToken(again, await accessToken()))
}

/** The server says that this very session has ended: no other token would help. */
async function whyOver(response: Response): Promise<string | null> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  if (!isProblem(body) || body.code !== "web_session_over") return null
  const reason = body.parameters?.reason
  return typeof reason === "string" ? reason : null
}

function withToken(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`)
  return request
}

/** As `authorizedFetch`, but every failure has a problem for a body. */
async function problemFetch(request: Request): Promise<Response> {
  let response: Response
  try {
    response = await authorizedFetch(request)
  } catch (error) {
    const problem = asProblem(error)
    const known = problem.code !== "page_fault"
    return problemResponse(known ? problem : { code: "network", status: 0, title: "No answer" })
  }
  const type = response.headers.get("content-type") ?? ""
  if (response.ok || type.includes("json")) return response
  const code = response.status >= 500 ? "unavailable" : "http_error"
  return problemResponse({ code, status: response.status, title: response.statusText })
}

function problemResponse(problem: Problem): Response {
  return Response.json(problem, { status: problem.status >= 400 ? problem.status : 503 })
}

export const http = createFetchClient<paths>({
  baseUrl: globalThis.location?.origin,
  fetch: problemFetch,
})
export const api = createQueryClient(http)

// After these the person may not see what was read before: it goes, instead of growing stale
// under the error. A page that cannot ask keeps what it last knew.
const GONE = new Set([401, 403, 404])
const OUTDATED = 412

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (GONE.has(asProblem(error).status) && query.state.data !== undefined) {
        query.setState({ data: undefined, dataUpdatedAt: 0 })
      }
    },
  }),
  mutationCache: new MutationCache({
    onError: (error) => {
      // The page offered what its person may do no more, or an older version of what they edit:
      // everything on it is asked again.
      const { status } = asProblem(error)
      if (GONE.has(status) || status === OUTDATED) void queryClient.invalidateQueries()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => mayHelpAgain(asProblem(error)) && count < 2,
      retryDelay: (count, error) => waitOf(asProblem(error)) ?? 500 * (count + 1),
    },
    mutations: { retry: false },
  },
})

function mayHelpAgain(problem: Problem): boolean {
  const wait = waitOf(problem)
  if (wait !== null) return wait <= LONGEST_WAIT
  return ["network", "unavailable", "database_unavailable"].includes(problem.code)
}

/** Longer than this nobody waits before a page that says nothing. */
const LONGEST_WAIT = 5_000

/** Milliseconds until the server takes such a request again; null when it was no limit. */
function waitOf(problem: Problem): number | null {
  const seconds = problem.parameters?.seconds
  return problem.status === 429 && typeof seconds === "number" ? seconds * 1_000 : null
}
