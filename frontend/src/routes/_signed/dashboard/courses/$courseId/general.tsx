/** What people read of a Course. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf } from "@/features/courses/courses"
import { GeneralForm } from "@/features/courses/form/GeneralForm"
import { EditableOnly } from "@/ui/form/EditableOnly"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/general")({
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <EditableOnly may={course.can.includes("edit")} owner={course.owner_name}>
      <GeneralForm course={course} />
    </EditableOnly>
  )
}
