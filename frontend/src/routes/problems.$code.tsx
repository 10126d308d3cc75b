/** The documentation of a refusal; open to everybody, as `type` of a problem document names it. */
import { createFileRoute } from "@tanstack/react-router"
import { ProblemPage } from "@/features/problems/ProblemPage"

export const Route = createFileRoute("/problems/$code")({
  component: () => <ProblemPage code={Route.useParams().code} />,
})
