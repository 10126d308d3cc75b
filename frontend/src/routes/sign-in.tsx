/** Signing in without a course; `to` is where the person wanted to go. */
import { createFileRoute } from "@tanstack/react-router"
import { ownPath } from "@/api/signIn"
import { SignInPage } from "@/features/signIn/SignInPage"

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>): { to?: string } => {
    const to = ownPath(search.to)
    return to ? { to } : {}
  },
  component: () => <SignInPage to={Route.useSearch().to} />,
})
