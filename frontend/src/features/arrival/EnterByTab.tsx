/** A visit carried out of the LMS's frame asks before it goes on here: the code may be another's. */
import { Button } from "@mantine/core"
import { IconExternalLink } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { enterTab } from "@/api/session"
import { spendTab } from "@/lib/ticket"
import { PlainPage } from "@/ui/PlainPage"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { toLanding } from "./landing"

export function EnterByTab() {
  const { t } = useTranslation()
  const router = useRouter()
  const enter = useMutation({
    mutationFn: () => enterTab(spendTab()),
    onSuccess: (signed) => router.navigate(toLanding(signed.landing).options),
  })
  const icon = <IconExternalLink size={36} stroke={1.6} aria-hidden />
  if (enter.error) {
    return (
      <PlainPage title={t("enter.unusable")} icon={icon}>
        <ProblemNotice error={enter.error} />
      </PlainPage>
    )
  }
  return (
    <PlainPage
      title={t("account.tab.title")}
      icon={icon}
      action={
        <Button onClick={() => enter.mutate()} loading={enter.isPending || enter.isSuccess}>
          {t("account.tab.enter")}
        </Button>
      }
    >
      <p>{t("account.tab.text")}</p>
      <p>{t("account.tab.warning")}</p>
    </PlainPage>
  )
}
