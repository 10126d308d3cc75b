/** The ports of an Image or a Course, edited where they stand. */
import { ActionIcon, Button, Checkbox, NumberInput, Select, TextInput } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Port, PortKind } from "@/api/types"
import { fieldId } from "@/ui/form/fieldId"
import styles from "./PortsEditor.module.css"

const KINDS: PortKind[] = ["web", "https", "ssh", "vnc", "tcp"]
const MOST = 16

type Props = {
  ports: Port[]
  /** By path, as forms and the server name them: `ports.0.number`. */
  errors: Record<string, unknown>
  onChange: (ports: Port[]) => void
  onBlur?: (path: string) => void
}

export function PortsEditor({ ports, errors, onChange, onBlur }: Props) {
  const { t } = useTranslation()
  const change = (index: number, facts: Partial<Port>) =>
    onChange(ports.map((port, position) => (position === index ? { ...port, ...facts } : port)))
  const error = (path: string) => (errors[path] ? String(errors[path]) : undefined)
  return (
    <div className={styles.editor}>
      {ports.length === 0 && <p className={styles.none}>{t("port.none")}</p>}
      {ports.map((port, index) => {
        const path = (name: string) => `ports.${index}.${name}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <fieldset key={index} className={styles.row}>
            <legend className="md-hidden">{t("port.rowLabel", { index: index + 1 })}</legend>
            <TextInput
              id={fieldId(path("title"))}
              className={styles.title}
              label={t("port.fieldTitle")}
              value={port.title}
              error={error(path("title"))}
              maxLength={80}
              onChange={(event) => change(index, { title: event.currentTarget.value })}
              onBlur={() => onBlur?.(path("title"))}
            />
            <Select
              id={fieldId(path("kind"))}
              label={t("port.fieldKind")}
              data={KINDS.map((kind) => ({ value: kind, label: t(`port.kind.${kind}`) }))}
              value={port.kind}
              allowDeselect={false}
              onChange={(kind) => kind && change(index, { kind: kind as PortKind })}
            />
            <NumberInput
              id={fieldId(path("number"))}
              label={t("port.fieldNumber")}
              value={port.number || ""}
              error={error(path("number"))}
              allowDecimal={false}
              hideControls
              onChange={(number) => change(index, { number: Number(number) || 0 })}
              onBlur={() => onBlur?.(path("number"))}
            />
            <ActionIcon
              className={styles.remove}
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t("port.removeNamed", { name: port.title || String(index + 1) })}
              onClick={() => onChange(ports.filter((_, position) => position !== index))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
            <Checkbox
              className={styles.required}
              label={t("port.fieldRequired")}
              checked={port.required ?? true}
              onChange={(event) => change(index, { required: event.currentTarget.checked })}
            />
          </fieldset>
        )
      })}
      {ports.length < MOST && (
        <div>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              onChange([...ports, { title: "", kind: "web", number: 8080, required: true }])
            }
          >
            {t("port.add")}
          </Button>
        </div>
      )}
    </div>
  )
}
