/** The list of Images. */
import { createFileRoute } from "@tanstack/react-router"
import { ImageList } from "@/features/images/ImageList"
import { type ImageFilter, imageList, ORIGINS, SORTS } from "@/features/images/images"

export const Route = createFileRoute("/_signed/dashboard/images/")({
  validateSearch: (raw: Record<string, unknown>): ImageFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    origin: ORIGINS.find((origin) => origin === raw.origin),
    sort: SORTS.find((sort) => sort === raw.sort),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(imageList(deps)),
  component: Images,
})

function Images() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ImageList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
