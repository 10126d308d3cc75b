/** One Course: its head, and the section that is open. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute, Outlet } from "@tanstack/react-router"
import { CourseHeader } from "@/features/courses/CourseHeader"
import { courseOf } from "@/features/courses/courses"
import { CourseFoldersNotice } from "@/features/retention/CourseFoldersNotice"
import { WhatGoes } from "@/features/retention/WhatGoes"
import { ShareButton } from "@/features/sharing/ShareButton"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(courseOf(params.courseId)),
  component: CoursePage,
})

function CoursePage() {
  const { courseId } = Route.useParams()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <div key={courseId}>
      <CourseHeader
        course={course}
        share={
          <ShareButton
            shared={{ kind: "course", id: course.id, title: course.title }}
            mayShare={course.can.includes("share")}
          />
        }
        whatGoes={<WhatGoes courseId={course.id} />}
      />
      <CourseFoldersNotice courseId={course.id} />
      <Outlet />
    </div>
  )
}
