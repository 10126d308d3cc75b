/** Signing in without a course: which ways there are, and when the page may lead there. */
import { ProblemError } from "./problems"
import type { SignInProvider } from "./types"

/** Where people may sign in. */
export async function signInProviders(): Promise<SignInProvider[]> {
  const response = await fetch("/lti/sign-in/providers").catch(() => null)
  if (!response?.ok) {
    const status = response?.status ?? 0
    throw new ProblemError({ code: "unavailable", status, title: "No providers" })
  }
  return (await response.json()) as SignInProvider[]
}

/** The address that leads to the provider, and back to `to`. */
export function signInAddress(id: string, to: string | undefined): string {
  const query = to ? `?${new URLSearchParams({ to })}` : ""
  return `/lti/sign-in/${encodeURIComponent(id)}${query}`
}

/** A path of our own application, or nothing; the server checks again. */
export function ownPath(wish: unknown): string | undefined {
  if (typeof wish !== "string") return undefined
  const [path = ""] = wish.split("?")
  const isOurs = /^\/(dashboard|account|activities|courses|join)(\/|$)/.test(path)
  return isOurs && !path.includes("//") ? wish : undefined
}

/** In the frame of an LMS nobody signs in: providers refuse frames, the course lets people in. */
export function isTopLevel(): boolean {
  return window.self === window.top
}
