/** What the student's window shows: name, password, ports, links. */
import { ActionIcon, Button, Checkbox, Switch, TextInput } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Port, WindowOptions } from "@/api/types"
import { fieldId } from "@/ui/form/fieldId"
import { Section } from "@/ui/page/Section"
import styles from "./WindowFields.module.css"
import { TEMPLATES, type WindowLink } from "./windowLinks"

const MOST = 20

export type WindowValues = { hidden_ports: number[]; links: WindowLink[] }

export function windowValues(options: WindowOptions | undefined): WindowValues {
  return { hidden_ports: options?.hidden_ports ?? [], links: options?.links ?? [] }
}

type Props = {
  ports: Port[]
  showUsername: boolean
  showPassword: boolean
  options: WindowValues
  errors: Record<string, ReactNode>
  onUsername: (shown: boolean) => void
  onPassword: (shown: boolean) => void
  onOptions: (change: Partial<WindowValues>) => void
  onBlur: (path: string) => void
}

export function WindowFields(props: Props) {
  const { ports, options, onOptions } = props
  const { t } = useTranslation()
  const hidden = new Set(options.hidden_ports)
  const show = (number: number, shown: boolean) => {
    const rest = options.hidden_ports.filter((port) => port !== number)
    onOptions({ hidden_ports: shown ? rest : [...rest, number] })
  }
  return (
    <Section title={t("course.form.windowTitle")} text={t("course.form.windowText")}>
      <Switch
        label={t("course.field.showUsername")}
        checked={props.showUsername}
        onChange={(event) => props.onUsername(event.currentTarget.checked)}
      />
      <Switch
        label={t("course.field.showPassword")}
        checked={props.showPassword}
        onChange={(event) => props.onPassword(event.currentTarget.checked)}
      />
      {ports.length > 0 && (
        <fieldset className={styles.group}>
          <legend>{t("windowOptions.ports")}</legend>
          {ports.map((port, index) => (
            <Checkbox
              // biome-ignore lint/suspicious/noArrayIndexKey: two rows may have the same number while one types
              key={index}
              label={t("windowOptions.port", { title: port.title, number: port.number })}
              checked={!hidden.has(port.number)}
              onChange={(event) => show(port.number, event.currentTarget.checked)}
            />
          ))}
        </fieldset>
      )}
      <Links {...props} />
    </Section>
  )
}

function Links({ ports, options, errors, onOptions, onBlur }: Props) {
  const { t } = useTranslation()
  const { links } = options
  const change = (index: number, facts: Partial<WindowLink>) =>
    onOptions({ links: links.map((link, at) => (at === index ? { ...link, ...facts } : link)) })
  const example = ports.find(({ kind }) => kind === "web")?.number ?? 8888
  return (
    <fieldset className={styles.group}>
      <legend>{t("windowOptions.links")}</legend>
      {links.map((link, index) => {
        const path = (name: "title" | "url") => `window.links.${index}.${name}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <div key={index} className={styles.link}>
            <TextInput
              id={fieldId(path("title"))}
              label={t("windowOptions.linkTitle")}
              value={link.title}
              maxLength={80}
              error={errors[path("title")]}
              onBlur={() => onBlur(path("title"))}
              onChange={(event) => change(index, { title: event.currentTarget.value })}
            />
            <TextInput
              id={fieldId(path("url"))}
              label={t("windowOptions.linkUrl")}
              value={link.url}
              maxLength={1000}
              error={errors[path("url")]}
              onBlur={() => onBlur(path("url"))}
              onChange={(event) => change(index, { url: event.currentTarget.value })}
            />
            <ActionIcon
              className={styles.remove}
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t("windowOptions.removeLink", { name: link.title || index + 1 })}
              onClick={() => onOptions({ links: links.filter((_, at) => at !== index) })}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </div>
        )
      })}
      {links.length < MOST && (
        <div>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              onOptions({
                links: [...links, { title: "", url: `https://{{HOST['${example}']}}/` }],
              })
            }
          >
            {t("windowOptions.addLink")}
          </Button>
        </div>
      )}
      <details className={styles.help}>
        <summary>{t("windowOptions.templates")}</summary>
        <p>{t("windowOptions.templatesText")}</p>
        <dl>
          {TEMPLATES.map(({ name, text }) => (
            <div key={name}>
              <dt>
                <code>{text}</code>
              </dt>
              <dd>{t(`windowOptions.template.${name}`)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </fieldset>
  )
}
