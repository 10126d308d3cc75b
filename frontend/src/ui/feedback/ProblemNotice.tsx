/** A refusal of the server in plain words, with its reference. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import { Notice } from "./Notice"
import { useProblemText } from "./problemText"

export function ProblemNotice({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const text = useProblemText()
  if (!error) return null
  const problem = asProblem(error)
  const courses = (problem.subjects ?? []).filter((subject) => subject.kind === "course")
  return (
    <Notice tone="bad" title={text(problem)}>
      {courses.length > 0 && (
        <>
          {t("lease.running")}
          <ul>
            {courses.map((course) => (
              <li key={course.id}>
                <Link to="/courses/$courseId/window" params={{ courseId: course.id }}>
                  {course.title}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {problem.request_id && (
        <small>
          {t("app.reference")} <code>{problem.request_id.slice(0, 12)}</code>
        </small>
      )}
    </Notice>
  )
}
