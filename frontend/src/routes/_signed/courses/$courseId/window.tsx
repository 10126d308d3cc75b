/** The student's window of a Course. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { MyFolderNotices } from "@/features/retention/MyFolderNotices"
import { StudentWindowPage } from "@/features/window/StudentWindowPage"
import { windowOf } from "@/features/window/window"

export const Route = createFileRoute("/_signed/courses/$courseId/window")({
  validateSearch: (raw: Record<string, unknown>): { open?: string } => ({
    open: typeof raw.open === "string" && raw.open.startsWith("/") ? raw.open : undefined,
  }),
  loader: ({ context, params }) => context.queryClient.ensureQueryData(windowOf(params.courseId)),
  component: WindowRoute,
})

function WindowRoute() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  const { open } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <StudentWindowPage
      key={courseId}
      courseId={courseId}
      openPath={open}
      onOpened={() => void navigate({ search: {}, replace: true })}
      notices={
        <MyFolderNotices
          courseId={courseId}
          action={<Link to="/account/data">{t("retention.download")}</Link>}
        />
      }
      filesLink={
        <Link to="/courses/$courseId/folder" params={{ courseId }}>
          {t("files.open")}
        </Link>
      }
      accountLink={
        <>
          <Link to="/activities">{t("activities.title")}</Link>{" "}
          <Link to="/account">{t("account.open")}</Link>
        </>
      }
      buildLink={(content, { image_id, build_id }) => (
        <Link
          to="/dashboard/images/$imageId"
          params={{ imageId: image_id }}
          search={{ section: "builds", build: build_id }}
        >
          {content}
        </Link>
      )}
      editLink={(content) => (
        <Link to="/dashboard/courses/$courseId" params={{ courseId }}>
          {content}
        </Link>
      )}
    />
  )
}
