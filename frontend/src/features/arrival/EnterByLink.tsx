/** An operator's link asks before it is used: somebody may have sent it to the wrong person. */
import { Button } from "@mantine/core"
import { IconKey } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { enterWithLink } from "@/api/session"
import { spendLink } from "@/lib/ticket"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { PlainPage } from "@/ui/page/PlainPage"
import { toLanding } from "./landing"

export function EnterByLink() {
  const { t } = useTranslation()
  const router = useRouter()
  const enter = useMutation({
    mutationFn: () => enterWithLink(spendLink()),
    onSuccess: (signed) => router.navigate(toLanding(signed.landing).options),
  })
  if (enter.error) {
    return (
      <PlainPage title={t("enter.unusable")} icon={<IconKey size={36} stroke={1.6} aria-hidden />}>
        <ProblemNotice error={enter.error} />
      </PlainPage>
    )
  }
  return (
    <PlainPage
      title={t("signIn.link.title")}
      icon={<IconKey size={36} stroke={1.6} aria-hidden />}
      action={
        <Button onClick={() => enter.mutate()} loading={enter.isPending || enter.isSuccess}>
          {t("signIn.link.enter")}
        </Button>
      }
    >
      <p>{t("signIn.link.text")}</p>
      <p>{t("signIn.link.warning")}</p>
    </PlainPage>
  )
}
