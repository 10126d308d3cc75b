/** A new Course, step one. */
import { createFileRoute } from "@tanstack/react-router"
import { NewCourse } from "@/features/courses/NewCourse"

export const Route = createFileRoute("/_signed/dashboard/courses/new")({ component: NewCourse })
