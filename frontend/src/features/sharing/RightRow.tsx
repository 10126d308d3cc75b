/** One person with a right: which, from where, and what may be done about it. */
import { ActionIcon, Badge, Menu, NativeSelect } from "@mantine/core"
import { IconDots, IconTrash, IconUserShare } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { RightHolder, ShareRight } from "@/api/types"
import styles from "./sharing.module.css"

type Props = {
  person: RightHolder
  rights: ShareRight[]
  mayShare: boolean
  busy: boolean
  onRight: (right: ShareRight) => void
  onAsk: (act: "remove" | "handOver") => void
}

export function RightRow({ person, rights, mayShare, busy, onRight, onAsk }: Props) {
  const { t } = useTranslation()
  const name = person.name ?? person.email ?? ""
  const mayChange = mayShare && person.origin === "share"
  const mayLeave = person.is_me && person.origin === "share"
  return (
    <li className={styles.person}>
      <div className={styles.who}>
        <strong>{name}</strong>
        {person.is_me && <span className={styles.help}> {t("sharing.me")}</span>}
        <div className={styles.help}>
          {person.name && person.email ? `${person.email} · ` : ""}
          {person.name === null
            ? t("sharing.waiting")
            : t(`sharing.origin.${person.origin}`, {
                space: person.context_title ?? "",
                interpolation: { escapeValue: false },
              })}
        </div>
      </div>
      {mayChange ? (
        <NativeSelect
          aria-label={t("sharing.rightOf", { name, interpolation: { escapeValue: false } })}
          value={person.right}
          disabled={busy}
          data={rights.map((value) => ({ value, label: t(`sharing.rights.${value}`) }))}
          onChange={(event) => onRight(event.currentTarget.value as ShareRight)}
        />
      ) : (
        <Badge variant="default" tt="none" size="lg" radius="sm">
          {person.origin === "owner" ? t("sharing.owner") : t(`sharing.rights.${person.right}`)}
        </Badge>
      )}
      {(mayChange || mayLeave) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t("app.actionsOf", { name })}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {mayChange && person.user_id && (
              <Menu.Item
                leftSection={<IconUserShare size={16} aria-hidden />}
                onClick={() => onAsk("handOver")}
              >
                {t("sharing.handOver")}
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => onAsk("remove")}
            >
              {mayLeave ? t("sharing.leave") : t("sharing.remove")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  )
}
