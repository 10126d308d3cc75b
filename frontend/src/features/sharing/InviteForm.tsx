/** Gives a right to an e-mail address of a platform. */
import { Button, NativeSelect, TextInput } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { ShareRight, Sharing } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { fieldErrors } from "@/ui/form/serverErrors"
import type { useSharing } from "./sharing"
import styles from "./sharing.module.css"

type Props = {
  sharing: Sharing
  act: ReturnType<typeof useSharing>
  onGiven: (email: string) => void
}

export function InviteForm({ sharing, act, onGiven }: Props) {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const [email, setEmail] = useState("")
  const [right, setRight] = useState<ShareRight>("view")
  const [platform, setPlatform] = useState(sharing.platforms[0]?.issuer)
  const [missing, setMissing] = useState(false)
  if (sharing.platforms.length === 0)
    return <p className={styles.help}>{t("sharing.noPlatform")}</p>
  const refused = act.variables?.act === "give" ? act.error : null
  const wrong = refused ? fieldErrors(refused, text) : {}
  const title = sharing.platforms.find(({ issuer }) => issuer === platform)?.title ?? ""
  const give = () => {
    if (!email.trim()) return setMissing(true)
    const body = { email: email.trim(), right, platform }
    act.mutate(
      { act: "give", body },
      {
        onSuccess: () => {
          onGiven(body.email)
          setEmail("")
        },
      },
    )
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        give()
      }}
    >
      <div className={styles.invite}>
        <TextInput
          type="email"
          label={t("sharing.email")}
          autoComplete="off"
          maxLength={254}
          required
          data-autofocus
          value={email}
          error={missing && !email.trim() ? t("sharing.emailMissing") : wrong.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("sharing.right")}
          value={right}
          data={sharing.rights.map((value) => ({ value, label: t(`sharing.rights.${value}`) }))}
          onChange={(event) => setRight(event.currentTarget.value as ShareRight)}
        />
        {sharing.platforms.length > 1 && (
          <NativeSelect
            label={t("sharing.platform")}
            value={platform}
            data={sharing.platforms.map(({ issuer, title }) => ({ value: issuer, label: title }))}
            onChange={(event) => setPlatform(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={act.isPending}>
          {t("sharing.give")}
        </Button>
      </div>
      <p className={styles.help}>{t(`sharing.means.${right}`)}</p>
      <p className={styles.help}>{t("sharing.invited", { platform: title })}</p>
      {refused && !wrong.email && <ProblemNotice error={refused} />}
    </form>
  )
}
