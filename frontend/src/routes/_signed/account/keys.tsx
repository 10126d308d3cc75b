/** My SSH keys; `from` is the Course whose window led here. */
import { IconArrowLeft } from "@tabler/icons-react"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { SshKeysPage } from "@/features/sshKeys/SshKeysPage"
import { keyList } from "@/features/sshKeys/sshKeys"

type Search = { from?: string }

export const Route = createFileRoute("/_signed/account/keys")({
  validateSearch: (search): Search =>
    typeof search.from === "string" ? { from: search.from } : {},
  loader: ({ context }) => context.queryClient.ensureQueryData(keyList()),
  component: KeysRoute,
})

function KeysRoute() {
  const { t } = useTranslation()
  const { from } = Route.useSearch()
  const icon = <IconArrowLeft size={16} aria-hidden />
  return (
    <SshKeysPage
      back={
        from ? (
          <Link to="/courses/$courseId/window" params={{ courseId: from }}>
            {icon} {t("sshKeys.back")}
          </Link>
        ) : (
          <Link to="/dashboard">
            {icon} {t("sshKeys.backToDashboard")}
          </Link>
        )
      }
    />
  )
}
