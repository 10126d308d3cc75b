/** User name and password: the password stays hidden, and away, until it is asked for. */
import { Button } from "@mantine/core"
import { IconEye, IconEyeOff, IconKey } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { selectContents } from "@/lib/clipboard"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CopyButton } from "@/ui/text/CopyButton"
import { fetchCredentials, type useWindowAct } from "../window"
import styles from "../window.module.css"
import { NewPassword } from "./NewPassword"

type Props = { window: StudentWindow; act: ReturnType<typeof useWindowAct> }

export function CredentialsCard({ window, act }: Props) {
  const { t } = useTranslation()
  const nameShown = useRef<HTMLElement>(null)
  const passwordShown = useRef<HTMLElement>(null)
  const reveal = useMutation({ mutationFn: () => fetchCredentials(window.course.id) })
  const password = reveal.data?.password
  const username = window.username
  const copyPassword = async () => password ?? (await fetchCredentials(window.course.id)).password
  return (
    <article className={styles.card} aria-label={t("window.credentials")}>
      <IconKey className={styles.cardIcon} size={24} stroke={1.7} aria-hidden />
      <div className={styles.cardText}>
        <h3 className={styles.cardTitle}>{t("window.credentials")}</h3>
        <p className={styles.cardNote}>{t("window.credentialsNote")}</p>
      </div>
      <dl className={styles.credentials}>
        {window.course.show_username && username && (
          <div className={styles.credential}>
            <dt>{t("window.username")}</dt>
            <dd>
              <code ref={nameShown} className={styles.code}>
                {username}
              </code>
              <CopyButton
                label={t("window.copyUsername")}
                text={() => username}
                onRefused={() => selectContents(nameShown.current)}
              />
            </dd>
          </div>
        )}
        {window.course.show_password && window.has_password && (
          <div className={styles.credential}>
            <dt>{t("window.password")}</dt>
            <dd>
              <code ref={passwordShown} className={styles.code}>
                {password ?? <span aria-hidden>••••••••••••</span>}
                {!password && <span className="md-hidden">{t("window.hidden")}</span>}
              </code>
              <Button
                variant="default"
                size="sm"
                aria-label={password ? t("window.hidePassword") : t("window.showPassword")}
                leftSection={
                  password ? (
                    <IconEyeOff size={16} aria-hidden />
                  ) : (
                    <IconEye size={16} aria-hidden />
                  )
                }
                loading={reveal.isPending}
                onClick={() => (password ? reveal.reset() : reveal.mutate())}
              >
                {password ? t("app.hide") : t("app.show")}
              </Button>
              <CopyButton
                label={t("window.copyPassword")}
                text={copyPassword}
                onRefused={async () => {
                  // To copy by hand, it has to be on the page.
                  if (!password) await reveal.mutateAsync()
                  requestAnimationFrame(() => selectContents(passwordShown.current))
                }}
              />
            </dd>
          </div>
        )}
      </dl>
      {window.has_password && window.can.includes("restart") && (
        <NewPassword window={window} act={act} />
      )}
      {reveal.error && (
        <div className={styles.wide}>
          <ProblemNotice error={reveal.error} />
        </div>
      )}
    </article>
  )
}
