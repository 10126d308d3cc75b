/** A reference of an image that others publish, looked up before it is saved. */
import { Button, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { fieldId } from "@/ui/form/fieldId"
import { useResolve } from "./externalImages"
import styles from "./image.module.css"

type Props = {
  reference: string
  registries: string[]
  error: unknown
  onChange: (reference: string) => void
}

export function ExternalImageField({ reference, registries, error, onChange }: Props) {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const resolve = useResolve()
  const refused = resolve.error ? asProblem(resolve.error).fields?.[0] : undefined
  const said = error ? String(error) : refused && text(refused)
  return (
    <div className={styles.external}>
      <TextInput
        id={fieldId("external_image")}
        label={t("course.external.reference")}
        description={t("course.external.allowed", { registries: registries.join(", ") })}
        placeholder="docker.io/library/debian:12"
        spellCheck={false}
        autoCapitalize="off"
        value={reference}
        error={said}
        onChange={(event) => {
          resolve.reset()
          onChange(event.currentTarget.value)
        }}
      />
      <div>
        <Button
          variant="default"
          size="sm"
          disabled={reference.trim() === ""}
          loading={resolve.isPending}
          onClick={() => resolve.mutate(reference)}
        >
          {t("course.external.lookUp")}
        </Button>
      </div>
      <div role="status">
        {resolve.data && (
          <p>
            {t("course.external.found", { reference: resolve.data.reference })}{" "}
            <code>{resolve.data.pinned?.split("@").at(-1)}</code>
          </p>
        )}
      </div>
      {!refused && <ProblemNotice error={resolve.error} />}
      <p className={styles.dim}>{t("course.external.help")}</p>
    </div>
  )
}
