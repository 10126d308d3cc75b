/** After signing out: what has ended, and what has not. */
import { Button, Group } from "@mantine/core"
import { IconDoorExit } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { signedOut } from "@/api/session"
import { PlainPage } from "@/ui/page/PlainPage"

export function SignedOutPage() {
  const { t, i18n } = useTranslation()
  const left = signedOut()
  const title = left?.provider?.[i18n.language]
  return (
    <PlainPage
      title={t("signIn.out.title")}
      icon={<IconDoorExit size={36} stroke={1.6} aria-hidden />}
      action={
        <Group>
          {left?.farewell && title && (
            <Button component="a" href={left.farewell}>
              {t("signIn.out.atProvider", { title })}
            </Button>
          )}
          <Button component={Link} to="/sign-in" variant="default">
            {t("signIn.out.again")}
          </Button>
        </Group>
      }
    >
      <p>{t("signIn.out.text")}</p>
      <p>{t("signIn.out.running")}</p>
      {title && <p>{t("signIn.out.provider", { title })}</p>}
      {left?.course_space && <p>{t("signIn.out.course")}</p>}
    </PlainPage>
  )
}
