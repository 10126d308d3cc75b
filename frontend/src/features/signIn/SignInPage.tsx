/** Every way in that this platform has, beside the course. */
import { Button, Stack } from "@mantine/core"
import { IconDoorEnter } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { signInAddress, signInProviders } from "@/api/signIn"
import type { SignInProvider } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { PlainPage } from "@/ui/page/PlainPage"

export function SignInPage({ to }: { to: string | undefined }) {
  const { t } = useTranslation()
  const providers = useQuery({ queryKey: ["sign-in"], queryFn: signInProviders })
  const known = providers.data ?? []
  return (
    <PlainPage
      title={t("signIn.title")}
      icon={<IconDoorEnter size={36} stroke={1.6} aria-hidden />}
      action={<Ways providers={known} to={to} />}
    >
      <ProblemNotice error={providers.error} />
      {known.length > 0 && <p>{t("signIn.intro")}</p>}
      <p>{known.length > 0 ? t("signIn.fromCourse") : t("signIn.noProviders")}</p>
      {providers.isSuccess && known.length === 0 && <p>{t("signIn.operators")}</p>}
    </PlainPage>
  )
}

function Ways({ providers, to }: { providers: SignInProvider[]; to: string | undefined }) {
  const { t, i18n } = useTranslation()
  if (providers.length === 0) return null
  return (
    <Stack gap="sm" component="nav" aria-label={t("signIn.title")} w="100%">
      {providers.map((provider, index) => (
        <Button
          key={provider.id}
          component="a"
          href={signInAddress(provider.id, to)}
          variant={index === 0 ? "filled" : "default"}
          fullWidth
        >
          {t("signIn.with", { title: provider.title[i18n.language] ?? provider.id })}
        </Button>
      ))}
    </Stack>
  )
}
