/** The frame of all pages. */
import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { SessionBoundary } from "@/features/arrival/SessionBoundary"
import { RouteAnnouncer } from "@/ui/page/RouteAnnouncer"

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
})

function Root() {
  const { t } = useTranslation()
  return (
    <>
      <a className="md-skip" href="#content">
        {t("app.skip")}
      </a>
      <SessionBoundary>
        <Outlet />
      </SessionBoundary>
      <RouteAnnouncer />
    </>
  )
}
