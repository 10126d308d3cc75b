/** A session carried out of the LMS's frame asks before it goes on here: the code may be another's. */
import { Button } from "@mantine/core"
import { IconExternalLink } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { accountOfTab, enterTab } from "@/api/session"
import { shownTab, spendTab } from "@/lib/ticket"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { PlainPage } from "@/ui/page/PlainPage"
import { toLanding } from "./landing"

export function EnterByTab() {
  const { t } = useTranslation()
  const router = useRouter()
  const enter = useMutation({
    mutationFn: () => enterTab(spendTab()),
    onSuccess: (signed) => router.navigate(toLanding(signed.landing).options),
  })
  const account = useQuery({
    queryKey: ["account-of-tab"],
    queryFn: () => accountOfTab(shownTab()),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const error = enter.error ?? account.error
  const icon = <IconExternalLink size={36} stroke={1.6} aria-hidden />
  if (error) {
    return (
      <PlainPage title={t("enter.unusable")} icon={icon}>
        <ProblemNotice error={error} />
      </PlainPage>
    )
  }
  return (
    <PlainPage
      title={t("account.tab.title")}
      icon={icon}
      action={
        <Button
          onClick={() => enter.mutate()}
          loading={account.isPending || enter.isPending || enter.isSuccess}
        >
          {t("account.tab.enter")}
        </Button>
      }
    >
      <p>{t("account.tab.text")}</p>
      {account.data && (
        <p>
          <strong>
            {t(account.data.email ? "account.tab.whoseEmail" : "account.tab.whose", account.data)}
          </strong>
        </p>
      )}
      <p>{t("account.tab.warning")}</p>
    </PlainPage>
  )
}
