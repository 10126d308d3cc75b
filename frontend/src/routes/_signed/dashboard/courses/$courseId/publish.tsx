/** How a Course gets into the LMS. */
import { Stack } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf } from "@/features/courses/courses"
import { Publish } from "@/features/courses/Publish"
import { JoinLinkSection } from "@/features/join/JoinLinkSection"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/publish")({
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <Stack gap="lg">
      <Publish course={course} />
      {course.can.includes("edit") && <JoinLinkSection courseId={courseId} />}
    </Stack>
  )
}
