/** One choice of a list's filters: everything, or one of these. */
import { Select } from "@mantine/core"

type Choice = { value: string; label: string }

type Props = {
  label: string
  /** The choice that filters nothing. */
  all?: string
  choices: Choice[]
  value: string | undefined
  onChoose: (value: string | undefined) => void
  /** Widest, in pixels. */
  width?: number
}

export function FilterSelect({ label, all, choices, value, onChoose, width = 220 }: Props) {
  return (
    <Select
      flex="1 1 150px"
      maw={width}
      aria-label={label}
      data={all ? [{ value: "", label: all }, ...choices] : choices}
      value={value ?? ""}
      allowDeselect={false}
      onChange={(chosen) => onChoose(chosen || undefined)}
    />
  )
}
