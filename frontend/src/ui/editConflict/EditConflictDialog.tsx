/** Shows what was written here beside what is saved now, and asks which to keep. */
import { Button, Modal } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import styles from "./EditConflict.module.css"
import type { Conflict } from "./useEditConflict"
import { excerpts } from "./versions"

type Props = {
  conflict: Conflict<object, unknown> | null
  /** The name of a field, as its form has it. */
  label: (path: string) => string
  /** A value as people read it; by default as `useShownValue` has it. */
  show: (path: string, value: unknown) => string
  /** Fields whose text is code. */
  code?: readonly string[]
  busy: boolean
  onKeepTheirs: () => void
  onSaveMine: () => void
  onGoOn: () => void
}

export function EditConflictDialog(props: Props) {
  const { t } = useTranslation()
  const { conflict, busy } = props
  return (
    <Modal
      opened={conflict !== null}
      onClose={props.onGoOn}
      title={t("editConflict.title")}
      size="xl"
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {conflict && (
        <>
          <p className={styles.text}>
            {t("editConflict.text")} <SavedBy conflict={conflict} />
          </p>
          {conflict.differing.map(({ path, mine, theirs }) => (
            <Field
              key={path}
              name={props.label(path)}
              code={props.code?.includes(path)}
              texts={excerpts(props.show(path, mine), props.show(path, theirs))}
            />
          ))}
          {conflict.takenOver.length > 0 && (
            <p className={styles.text}>
              {t("editConflict.takenOver", {
                fields: [...new Set(conflict.takenOver.map(props.label))].join(", "),
              })}
            </p>
          )}
          <div className={styles.choices}>
            <Button variant="default" data-autofocus onClick={props.onGoOn}>
              {t("editConflict.goOn")}
            </Button>
            <Button variant="default" disabled={busy} onClick={props.onKeepTheirs}>
              {t("editConflict.keepTheirs")}
            </Button>
            <Button loading={busy} onClick={props.onSaveMine}>
              {t("editConflict.saveMine")}
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}

function SavedBy({ conflict }: { conflict: Conflict<object, unknown> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { changedAt, changedBy: name } = conflict
  const when = changedAt && format.moment(new Date(changedAt), new Date())
  if (name && when) return t("editConflict.savedByAt", { name, when })
  if (name) return t("editConflict.savedBy", { name })
  return when ? t("editConflict.savedAt", { when }) : null
}

type FieldProps = { name: string; code?: boolean; texts: [string, string] }

function Field({ name, code, texts: [mine, theirs] }: FieldProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.field}>
      <h3>{name}</h3>
      <div className={styles.versions} data-code={code || undefined}>
        <Version name={t("editConflict.mine")} field={name} mine>
          {mine}
        </Version>
        <Version name={t("editConflict.theirs")} field={name}>
          {theirs}
        </Version>
      </div>
    </div>
  )
}

type VersionProps = { name: string; field: string; mine?: boolean; children: ReactNode }

function Version({ name, field, mine, children }: VersionProps) {
  return (
    <div data-mine={mine || undefined} className={styles.version}>
      <div className={styles.whose}>{name}</div>
      {/* Long texts are scrolled: by keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus */}
      <section className={styles.value} tabIndex={0} aria-label={`${field}, ${name}`}>
        {children}
      </section>
    </div>
  )
}
