/** A course from a file. */
import { createFileRoute } from "@tanstack/react-router"
import { ImportCourse } from "@/features/courses/transfer/ImportCourse"

export const Route = createFileRoute("/_signed/dashboard/courses/import")({
  component: ImportCourse,
})
