/** What a refusal means and what to do: the page that `type` of a problem document names. */
import { Code, List } from "@mantine/core"
import { useTranslation } from "react-i18next"
import refusals from "@/api/problemPages.json"
import type { en } from "@/locales/en"
import { NotFoundPage } from "@/ui/page/NotFoundPage"
import { PlainPage } from "@/ui/page/PlainPage"
import styles from "./ProblemPage.module.css"

type Refusal = { status: number[]; operations: string[] }
type ProblemCode = keyof typeof en.problem
type Status = keyof typeof en.problemPage.status

const pages: Record<string, Refusal> = refusals

export function ProblemPage({ code }: { code: string }) {
  const { t } = useTranslation()
  const refusal = Object.hasOwn(pages, code) ? pages[code] : undefined
  if (!refusal) return <NotFoundPage />
  return (
    <PlainPage title={t("problemPage.title")}>
      <p className={styles.code}>
        <Code>{code}</Code> HTTP {refusal.status.join(", ")}
      </p>
      <h2 className={styles.heading}>{t("problemPage.what")}</h2>
      <p>{asWritten(t(`problem.${code as ProblemCode}`, { skipInterpolation: true }))}</p>
      <h2 className={styles.heading}>{t("problemPage.program")}</h2>
      {refusal.status.map((status) => (
        <p key={status}>{t(`problemPage.status.${String(status) as Status}`)}</p>
      ))}
      <h2 className={styles.heading}>{t("problemPage.operations")}</h2>
      {refusal.operations.length === 0 ? (
        <p>{t("problemPage.many")}</p>
      ) : (
        <List spacing={4}>
          {refusal.operations.map((operation) => (
            <List.Item key={operation}>
              <Code>{operation}</Code>
            </List.Item>
          ))}
        </List>
      )}
      <p className={styles.foot}>{t("problemPage.reference")}</p>
    </PlainPage>
  )
}

/** Values that differ each time are in `parameters` of the answer, under these names. */
function asWritten(sentence: string): string {
  return sentence.replace(/\{\{\s*(\w+)\s*\}\}/g, "‹$1›")
}
