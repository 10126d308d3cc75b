/** Copies a text and says so in words; where copying is forbidden it selects the text instead. */
import { Button } from "@mantine/core"
import { IconCheck, IconCopy } from "@tabler/icons-react"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { copyText } from "@/lib/clipboard"

type Props = {
  /** What a screen reader hears: "Copy the password". */
  label: string
  text: () => string | Promise<string>
  /** Called when the person has to copy by hand. */
  onRefused?: () => void
}

export function CopyButton({ label, text, onRefused }: Props) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null)
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(null), 4_000)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = async () => {
    let value: string
    try {
      value = await text()
    } catch {
      return
    }
    const copied = await copyText(value)
    if (!copied) onRefused?.()
    setOutcome(copied ? "copied" : "refused")
  }

  return (
    <>
      <Button
        variant="default"
        size="sm"
        aria-label={label}
        leftSection={
          outcome === "copied" ? (
            <IconCheck size={16} aria-hidden />
          ) : (
            <IconCopy size={16} aria-hidden />
          )
        }
        onClick={() => void copy()}
      >
        {outcome === "copied" ? t("app.copied") : t("app.copy")}
      </Button>
      <span role="status" className={outcome === "refused" ? undefined : "md-hidden"}>
        {outcome === "copied" && t("app.copied")}
        {outcome === "refused" && t("app.copyByHand")}
      </span>
    </>
  )
}
