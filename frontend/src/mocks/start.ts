/** Answers the page's own requests from the fake api; no service worker, so it works in a frame. */
import { getResponse } from "msw"
import { handlers } from "./handlers"

export function startMocks(): void {
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    await new Promise((resolve) => setTimeout(resolve, 60))
    return (await getResponse(handlers, request.clone())) ?? real(request)
  }
}
