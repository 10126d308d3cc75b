/** A row per student. Only rows that changed are drawn again: a class may have 300. */
import { Button } from "@mantine/core"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { useCoarseNow } from "@/lib/clock"
import { useFormat } from "@/lib/format"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { PersonState } from "./PersonState"

type Props = { people: RoomPerson[]; onChoose: (key: string) => void }

export function RoomRows({ people, onChoose }: Props) {
  const { t } = useTranslation()
  const columns = useMemo<Column<RoomPerson>[]>(() => {
    const nameOf = (person: RoomPerson) => person.name ?? t("coursePeople.unnamed")
    return [
      {
        id: "name",
        header: t("room.column.name"),
        cell: (person) => (
          <>
            <strong>{nameOf(person)}</strong>
            {person.role !== "student" && (
              <div className={table.under}>{t(`coursePeople.role.${person.role}`)}</div>
            )}
          </>
        ),
      },
      {
        id: "state",
        header: t("room.column.state"),
        cell: (person) => <PersonState person={person} />,
      },
      {
        id: "since",
        header: t("room.column.since"),
        labelled: true,
        kind: "short",
        cell: (person) => person.since && <Since at={person.since} />,
      },
      {
        id: "machine",
        header: t("room.column.machine"),
        labelled: true,
        kind: "short",
        cell: (person) => person.node,
      },
      {
        id: "usage",
        header: t("room.column.usage"),
        labelled: true,
        cell: (person) => person.usage && <InUse person={person} usage={person.usage} />,
      },
      {
        id: "actions",
        header: t("room.column.actions"),
        kind: "actions",
        cell: (person) =>
          person.can.length > 0 && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("room.helpNamed", {
                name: nameOf(person),
                interpolation: { escapeValue: false },
              })}
              onClick={() => onChoose(person.key)}
            >
              {t("room.help")}
            </Button>
          ),
      },
    ]
  }, [t, onChoose])
  return (
    <DataTable
      caption={t("room.title")}
      columns={columns}
      rows={people}
      rowKey={(person) => person.key}
    />
  )
}

type InUseProps = { person: RoomPerson; usage: NonNullable<RoomPerson["usage"]> }

function InUse({ person, usage }: InUseProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { resources } = person
  return (
    <span title={format.exact(new Date(usage.measured_at))}>
      {usage.cpu !== null &&
        t("room.cpu", {
          used: format.number(usage.cpu),
          all: format.number(resources?.cpu ?? 0),
        })}
      <div className={table.under}>
        {t("room.memory", {
          used: format.memory(Math.round(usage.memory_mib)),
          all: format.memory(resources?.memory_mib ?? 0),
        })}
      </div>
    </span>
  )
}

function Since({ at }: { at: string }) {
  const format = useFormat()
  const now = useCoarseNow()
  const moment = new Date(at)
  return (
    <span title={format.exact(moment)}>{format.duration(Math.max(0, now - moment.getTime()))}</span>
  )
}
