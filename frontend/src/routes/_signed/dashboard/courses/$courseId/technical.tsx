/** What each student of a Course gets; also the second step to a new one. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CourseDraft } from "@/api/types"
import { courseOf } from "@/features/courses/courses"
import { TechnicalForm } from "@/features/courses/form/TechnicalForm"
import { WizardSteps } from "@/features/courses/WizardSteps"
import { WindowPreview } from "@/features/window/WindowPreview"
import { EditableOnly } from "@/ui/form/EditableOnly"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/technical")({
  validateSearch: (raw: Record<string, unknown>): { wizard?: boolean } => ({
    wizard: raw.wizard === true || undefined,
  }),
  component: Technical,
})

const preview = (draft: CourseDraft) => <WindowPreview values={draft} />

function Technical() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  const { wizard } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  if (!wizard)
    return (
      <EditableOnly may={course.can.includes("edit")} owner={course.owner_name}>
        <TechnicalForm course={course} preview={preview} />
      </EditableOnly>
    )
  return (
    <>
      <WizardSteps current={2} />
      <p>{t("course.wizard.technicalText")}</p>
      <TechnicalForm
        course={course}
        preview={preview}
        saveLabel={t("course.wizard.finish")}
        onSaved={() =>
          void navigate({ to: "/dashboard/courses/$courseId/sessions", params: { courseId } })
        }
      />
    </>
  )
}
