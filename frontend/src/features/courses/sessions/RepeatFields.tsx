/** Repeats a new session each week, and says on which days. */
import { Checkbox, NumberInput, Stack } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/form/fieldId"
import { MOST_WEEKS, type Repeat, startsOf } from "./repeat"
import { fromLocal } from "./sessionTimes"

type Props = { starts: string; repeat: Repeat; onChange: (repeat: Repeat) => void }

export function RepeatFields({ starts, repeat, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { weeks, skipped } = repeat
  const take = (start: string, taken: boolean) => {
    const rest = skipped.filter((other) => other !== start)
    onChange({ ...repeat, skipped: taken ? rest : [...rest, start] })
  }
  return (
    <Stack gap="sm">
      <NumberInput
        id={fieldId("session.weeks")}
        label={t("session.repeat.weeks")}
        description={t("session.repeat.help")}
        min={1}
        max={MOST_WEEKS}
        clampBehavior="strict"
        allowDecimal={false}
        maw={320}
        value={weeks}
        onChange={(value) => onChange({ ...repeat, weeks: Number(value) || 1 })}
      />
      {weeks > 1 && starts && (
        <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
          <legend>{t("session.repeat.days")}</legend>
          <Stack gap={6} mt={6} mah={220} style={{ overflowY: "auto" }}>
            {startsOf(starts, weeks).map((start) => (
              <Checkbox
                key={start}
                label={format.dateTime(fromLocal(start))}
                checked={!skipped.includes(start)}
                onChange={(event) => take(start, event.currentTarget.checked)}
              />
            ))}
          </Stack>
        </fieldset>
      )}
    </Stack>
  )
}
