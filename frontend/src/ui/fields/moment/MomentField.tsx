/** A day, or a day with its time: typed as text in the page's language, or chosen in a calendar. */
import { ActionIcon, Popover, TextInput, type TextInputProps } from "@mantine/core"
import { DatePicker } from "@mantine/dates"
import { IconCalendar } from "@tabler/icons-react"
import "dayjs/locale/fr"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useReadOnly } from "@/ui/form/EditableOnly"
import { type MomentKind, readMoment, written } from "./momentText"

type Props = Pick<
  TextInputProps,
  "id" | "label" | "description" | "required" | "error" | "onBlur" | "onFocus"
> & {
  /** A day alone, or a day with its time of day. */
  kind?: MomentKind
  /** "2026-11-30T15:20" (or "2026-11-30"), without a zone; empty where there is none. */
  value?: string
  /** Called with a complete value, or with "" once the text is empty. */
  onChange: (value: string) => void
  /** Days ("2026-11-30") before and after which the calendar offers nothing. */
  min?: string
  max?: string
}

export function MomentField(props: Props) {
  const { kind = "minute", value = "", onChange, min, max, error, onBlur, ...rest } = props
  const { t, i18n } = useTranslation()
  const readOnly = useReadOnly()
  const [typed, setTyped] = useState<string | null>(null)
  const [opened, setOpened] = useState(false)
  const [refused, setRefused] = useState("")
  const shown = typed ?? written(value, i18n.language)
  const form = kind === "day" ? t("moment.day") : t("moment.minute")
  const type = (text: string) => {
    setTyped(text)
    setRefused("")
    const next = text.trim() ? readMoment(text, kind) : ""
    if (next !== null && next !== value) onChange(next)
  }
  const settle: TextInputProps["onBlur"] = (event) => {
    if (shown.trim() && readMoment(shown, kind) === null) setRefused(shown.trim())
    // What is shown is always what is saved: a text that says nothing gives way to the value.
    setTyped(null)
    onBlur?.(event)
  }
  const choose = (day: string | null) => {
    setOpened(false)
    setTyped(null)
    setRefused("")
    if (day) onChange(kind === "day" ? day : `${day}T${value.slice(11, 16) || "08:00"}`)
  }
  return (
    <TextInput
      {...rest}
      autoComplete="off"
      placeholder={form}
      readOnly={readOnly}
      value={shown}
      error={refused ? t("moment.unclear", { text: refused, form }) : error}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={settle}
      rightSection={
        <Popover
          opened={opened}
          onChange={setOpened}
          trapFocus
          returnFocus
          hideDetached={false}
          transitionProps={{ duration: 0 }}
        >
          <Popover.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={readOnly}
              aria-label={t("moment.calendar")}
              onClick={() => setOpened((isOpen) => !isOpen)}
            >
              <IconCalendar size={17} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <DatePicker
              locale={i18n.language}
              firstDayOfWeek={1}
              weekendDays={[]}
              defaultDate={value.slice(0, 10) || undefined}
              value={value.slice(0, 10) || null}
              minDate={min}
              maxDate={max}
              onChange={choose}
              ariaLabels={{
                previousMonth: t("moment.previousMonth"),
                nextMonth: t("moment.nextMonth"),
                monthLevelControl: t("moment.months"),
                yearLevelControl: t("moment.years"),
                nextYear: t("moment.nextYear"),
                previousYear: t("moment.previousYear"),
                nextDecade: t("moment.nextDecade"),
                previousDecade: t("moment.previousDecade"),
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  )
}
