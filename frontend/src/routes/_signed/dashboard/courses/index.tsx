/** To come. */
import { createFileRoute } from "@tanstack/react-router"

export const Route = createFileRoute("/_signed/dashboard/courses/")({ component: () => null })
