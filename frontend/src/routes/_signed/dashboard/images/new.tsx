/** A new Image. */
import { createFileRoute } from "@tanstack/react-router"
import { NewImage } from "@/features/images/NewImage"

export const Route = createFileRoute("/_signed/dashboard/images/new")({ component: NewImage })
