/** Choosing content for the LMS. */
import { createFileRoute } from "@tanstack/react-router"
import { Picker } from "@/features/picker/Picker"

export const Route = createFileRoute("/_signed/picker/$deepLinkingId")({ component: PickerRoute })

function PickerRoute() {
  const { deepLinkingId } = Route.useParams()
  return <Picker deepLinkingId={deepLinkingId} />
}
