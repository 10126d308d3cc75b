/** What every list does: a way to begin where nothing is yet, filters, rows or "no match". */
import { Button, Group } from "@mantine/core"
import type { ReactNode } from "react"
import { EmptyState } from "./EmptyState"

type Props = {
  total: number
  filtered: boolean
  /** Said where nothing is there at all. */
  empty: ReactNode
  filters: ReactNode
  noMatch: string
  /** A way back to everything, beside `noMatch`. */
  clear?: { label: string; onClear: () => void }
  /** The rows and their pages. */
  children: ReactNode
}

export function FilteredList(props: Props) {
  const none = props.total === 0
  if (none && !props.filtered) return props.empty
  return (
    <>
      <Group gap="sm" mb="md" role="search">
        {props.filters}
      </Group>
      {none ? <NoMatch title={props.noMatch} clear={props.clear} /> : props.children}
    </>
  )
}

function NoMatch({ title, clear }: { title: string; clear: Props["clear"] }) {
  return (
    <EmptyState
      title={title}
      action={
        clear && (
          <Button variant="default" mt="sm" onClick={clear.onClear}>
            {clear.label}
          </Button>
        )
      }
    />
  )
}
