/** The way back to the LMS: posts the answer once, and says so when the page is still here. */
import { Button } from "@mantine/core"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import type { DeepLinkingReply } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { goBack, type Stuck } from "./deepLinking"

export function Return({ answer }: { answer: DeepLinkingReply }) {
  const { t } = useTranslation()
  const [stuck, setStuck] = useState<Stuck | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try posts once more
  useEffect(() => {
    setStuck(null)
    return goBack(answer, setStuck)
  }, [answer, tries])
  if (!stuck) return null
  const origin = new URL(answer.return_url).origin
  return (
    <Notice
      tone="bad"
      title={t(`picker.stuck.${stuck}`)}
      action={
        stuck === "silent" && (
          <Button size="sm" variant="default" onClick={() => setTries(tries + 1)}>
            {t("picker.stuck.again")}
          </Button>
        )
      }
    >
      {t(`picker.stuck.${stuck}Help`, { origin })}
    </Notice>
  )
}
