/** What is wrong with a form, once it was sent: a list with links to the fields. */
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { fieldId } from "./fieldId"

type Props = { errors: Record<string, unknown>; labels: (path: string) => string }

export function ErrorSummary({ errors, labels }: Props) {
  const { t } = useTranslation()
  const wrong = Object.entries(errors).filter(([, error]) => Boolean(error))
  if (wrong.length === 0) return null
  return (
    <Notice tone="bad" title={t("app.fixFields", { count: wrong.length })}>
      <ul style={{ margin: 0, paddingInlineStart: 20 }}>
        {wrong.map(([path, error]) => (
          <li key={path}>
            <a
              href={`#${fieldId(path)}`}
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(fieldId(path))?.focus()
              }}
              style={{ color: "inherit" }}
            >
              {labels(path)}
            </a>{" "}
            {String(error)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
