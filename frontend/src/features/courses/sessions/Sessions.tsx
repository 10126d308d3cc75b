/** The sessions of a Course, and planning them. */
import { Button, Group } from "@mantine/core"
import { IconFlask, IconPlus } from "@tabler/icons-react"
import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useCallback, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Course, SessionState, VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { Pager } from "@/ui/list/Pager"
import { Section, WithAside } from "@/ui/page/Section"
import { SESSIONS_PAGE_SIZE, sessionOf, sessionsOf, useDeleteSession } from "../courses"
import styles from "../courses.module.css"
import { SummaryCard } from "../SummaryCard"
import { ExtraTimeOfSession } from "./ExtraTimeOfSession"
import { SessionDialog } from "./SessionDialog"

const TONES: Record<SessionState, Tone> = { upcoming: "info", running: "ok", over: "still" }

type Props = {
  course: Course
  page: number
  /** A session to show first: somebody followed a link to it. */
  chosenId?: string
  onPage: (page: number) => void
}

export function Sessions({ course, page, chosenId, onPage }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [edited, setEdited] = useState<VersionedSession | "new" | null>(null)
  const [doomed, setDoomed] = useState<VersionedSession | null>(null)
  const remove = useDeleteSession()
  const mayEdit = course.can.includes("edit")
  const { data } = useSuspenseQuery(sessionsOf(course.id, page))
  const isListed = data.items.some(({ id }) => id === chosenId)
  const { data: chosen } = useQuery({
    ...sessionOf(chosenId ?? ""),
    enabled: chosenId !== undefined && !isListed,
  })
  const isElsewhere = chosen?.course_id === course.id && !isListed
  const shown = isElsewhere ? [chosen, ...data.items] : data.items
  // After a refusal the list was read anew: the next press names the version that it shows.
  const doomedNow = data.items.find((session) => session.id === doomed?.id) ?? doomed
  return (
    <WithAside aside={<SummaryCard course={course} />}>
      <Section
        title={t("session.title")}
        text={`${t("session.text")} ${t("session.zone", { zone: format.zone() })}`}
        action={
          mayEdit && (
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconFlask size={17} aria-hidden />}
                renderRoot={(root) => (
                  <Link
                    to="/dashboard/courses/$courseId/dry-run"
                    params={{ courseId: course.id }}
                    {...root}
                  />
                )}
              >
                {t("dryRun.open")}
              </Button>
              <Button
                leftSection={<IconPlus size={17} aria-hidden />}
                onClick={() => setEdited("new")}
              >
                {t("session.add")}
              </Button>
            </Group>
          )
        }
      >
        {data.total === 0 ? (
          <p className={styles.dim}>{t("session.empty")}</p>
        ) : (
          <ul className={styles.sessions}>
            {shown.map((session) => (
              <Row
                key={session.id}
                session={session}
                isChosen={session.id === chosenId}
                onEdit={mayEdit ? () => setEdited(session) : undefined}
                onDelete={mayEdit ? () => setDoomed(session) : undefined}
              />
            ))}
          </ul>
        )}
        <Pager page={page} pageSize={SESSIONS_PAGE_SIZE} total={data.total} onPage={onPage} />
      </Section>
      {edited && (
        <SessionDialog
          course={course}
          session={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      <ConfirmDialog
        opened={doomed !== null}
        title={t("session.deleteTitle")}
        confirm={t("session.deleteConfirm")}
        danger
        busy={remove.isPending}
        onClose={() => setDoomed(null)}
        onConfirm={() =>
          doomedNow && remove.mutate(doomedNow, { onSuccess: () => setDoomed(null) })
        }
      >
        <p>{t("session.deleteText")}</p>
        <ProblemNotice error={remove.error} />
      </ConfirmDialog>
    </WithAside>
  )
}

type RowProps = {
  session: VersionedSession
  isChosen: boolean
  onEdit?: () => void
  onDelete?: () => void
}

function Row({ session, isChosen, onEdit, onDelete }: RowProps) {
  const focus = useCallback((row: HTMLLIElement | null) => row?.focus(), [])
  const { t } = useTranslation()
  const format = useFormat()
  const starts = new Date(session.starts_at)
  const ends = new Date(session.ends_at)
  const name = session.title || t("session.untitled")
  const when = format.range(starts, ends, new Date())
  const rules = [
    t("session.students", { count: session.students }),
    session.block_before_start && t("session.blocks"),
    session.automatic_stop && t("session.stops"),
  ].filter(Boolean)
  return (
    <li
      className={styles.session}
      id={`session-${session.id}`}
      aria-current={isChosen || undefined}
      tabIndex={isChosen ? -1 : undefined}
      ref={isChosen ? focus : undefined}
    >
      <div className={styles.sessionWhen}>
        <div>
          <span className={styles.sessionTitle}>{name}</span>{" "}
          <span title={`${format.exact(starts)} – ${format.exact(ends)}`}>{when}</span>
        </div>
        <div className={styles.dim}>{rules.join(" · ")}</div>
        <ExtraTimeOfSession session={session} />
        {session.capacity === "refused" && session.capacity_reason && (
          <div>{t("capacity.refusedBecause", { reason: session.capacity_reason })}</div>
        )}
      </div>
      {session.capacity !== "reserved" && session.state !== "over" && (
        <Status tone={session.capacity === "refused" ? "bad" : "warn"}>
          {t(`capacity.state.${session.capacity}`)}
        </Status>
      )}
      <Status tone={TONES[session.state]}>{t(`session.state.${session.state}`)}</Status>
      <Group gap={4}>
        {onEdit && session.state !== "over" && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t("dryRun.openFor", { name, when })}
            renderRoot={(root) => (
              <Link
                to="/dashboard/courses/$courseId/dry-run"
                params={{ courseId: session.course_id }}
                search={{
                  students: session.students,
                  starts: session.starts_at,
                  ends: session.ends_at,
                  session: session.id,
                }}
                {...root}
              />
            )}
          >
            {t("dryRun.run")}
          </Button>
        )}
        {onEdit && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${t("session.edit")} ${name}, ${when}`}
            onClick={onEdit}
          >
            {t("session.edit")}
          </Button>
        )}
        {onDelete && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${t("session.delete")} ${name}, ${when}`}
            onClick={onDelete}
          >
            {t("session.delete")}
          </Button>
        )}
      </Group>
    </li>
  )
}
