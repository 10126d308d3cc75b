/** A search that waits for a pause in the typing. */
import { TextInput } from "@mantine/core"
import { IconSearch } from "@tabler/icons-react"
import { useEffect, useRef, useState } from "react"

type Props = { label: string; value: string; onSearch: (text: string) => void }

export function SearchField({ label, value, onSearch }: Props) {
  const [text, setText] = useState(value)
  const latest = useRef(onSearch)
  latest.current = onSearch
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => latest.current(text), 250)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={17} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      flex="1 1 220px"
    />
  )
}
