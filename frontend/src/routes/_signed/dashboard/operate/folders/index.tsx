/** Work folders, their erasure, and volumes of nobody, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { FoldersPage } from "@/features/retention/FoldersPage"
import { ERASURE_STATES, type ErasureFilter, erasureList } from "@/features/retention/retention"

export const Route = createFileRoute("/_signed/dashboard/operate/folders/")({
  validateSearch: (raw: Record<string, unknown>): ErasureFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    state: ERASURE_STATES.find((state) => state === raw.state),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(erasureList(deps)),
  component: Folders,
})

function Folders() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <FoldersPage filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
