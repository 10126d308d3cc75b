/** After signing out. */
import { createFileRoute } from "@tanstack/react-router"
import { SignedOutPage } from "@/features/signIn/SignedOutPage"

export const Route = createFileRoute("/signed-out")({ component: SignedOutPage })
