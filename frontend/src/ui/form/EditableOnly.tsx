/** A form for those who may change it; for others the same fields, which cannot be changed. */
import { createContext, type ReactNode, useContext } from "react"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import styles from "./EditableOnly.module.css"

const ReadOnly = createContext(false)

/** Whether the form around only shows its values. */
export const useReadOnly = () => useContext(ReadOnly)

type Props = { may: boolean; owner: string; children: ReactNode }

export function EditableOnly({ may, owner, children }: Props) {
  const { t } = useTranslation()
  if (may) return children
  return (
    <ReadOnly.Provider value={true}>
      <Notice tone="info">{t("sharing.readOnly", { owner })}</Notice>
      <fieldset disabled className={styles.fields}>
        {children}
      </fieldset>
    </ReadOnly.Provider>
  )
}
