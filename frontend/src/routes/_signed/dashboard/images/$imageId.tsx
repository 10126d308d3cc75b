/** One Image; the section, the build and the line looked at are in the address. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ImageEditor, type ImageView } from "@/features/images/ImageEditor"
import { imageOf, SECTIONS } from "@/features/images/images"
import { ShareButton } from "@/features/sharing/ShareButton"
import { VisibilityButton } from "@/features/visibility/VisibilityButton"
import { TrialWindow } from "@/features/window/TrialWindow"

export const Route = createFileRoute("/_signed/dashboard/images/$imageId")({
  validateSearch: (raw: Record<string, unknown>): ImageView => ({
    section: SECTIONS.find((section) => section === raw.section),
    build: typeof raw.build === "string" ? raw.build : undefined,
    line: Number(raw.line) > 0 ? Math.floor(Number(raw.line)) : undefined,
  }),
  loader: ({ context, params }) => context.queryClient.ensureQueryData(imageOf(params.imageId)),
  component: ImagePage,
})

function ImagePage() {
  const { t } = useTranslation()
  const { imageId } = Route.useParams()
  const view = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: image } = useSuspenseQuery(imageOf(imageId))
  return (
    <ImageEditor
      key={imageId}
      image={image}
      view={view}
      share={
        <>
          <ShareButton
            shared={{ kind: "image", id: image.id, title: image.title }}
            mayShare={image.can.includes("share")}
          />
          <VisibilityButton image={image} />
        </>
      }
      showTrial={(trial) => (
        <TrialWindow
          {...trial}
          pageLink={
            <Link
              to="/courses/$courseId/window"
              params={{ courseId: trial.courseId }}
              target="_blank"
            >
              {t("build.trial.page")}
            </Link>
          }
        />
      )}
      onView={(search) => void navigate({ search })}
    />
  )
}
