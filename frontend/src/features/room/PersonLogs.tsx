/** What a student's container printed last. */

import { api } from "@/api/client"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { LogText } from "@/ui/text/LogText"

export function PersonLogs({ courseId, userId }: { courseId: string; userId: string }) {
  const logs = api.useQuery(
    "get",
    "/api/courses/{course_id}/room/people/{user_id}/logs",
    { params: { path: { course_id: courseId, user_id: userId } } },
    { refetchInterval: 3_000, staleTime: 0 },
  )
  if (logs.error) return <ProblemNotice error={logs.error} />
  if (!logs.data) return <Patience />
  return <LogText text={logs.data.text} />
}
