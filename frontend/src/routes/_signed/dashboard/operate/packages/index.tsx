/** Which images contain a package, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { PackageSearch } from "@/features/packages/PackageSearch"
import { type PackageFilter, packageCoverage } from "@/features/packages/packageUses"

export const Route = createFileRoute("/_signed/dashboard/operate/packages/")({
  validateSearch: (raw: Record<string, unknown>): PackageFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loader: ({ context }) => context.queryClient.ensureQueryData(packageCoverage()),
  component: Packages,
})

function Packages() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <PackageSearch
      filter={filter}
      onFilter={(search) => void navigate({ search, replace: true })}
    />
  )
}
