/** Each Course's environment of the one person of this fake. */
import type { StudentWindow } from "@/api/types"
import { at, uuid } from "@/mocks/db"

export type Running = Pick<
  StudentWindow,
  "state" | "since" | "version" | "attempt" | "progress" | "reason" | "ends_at" | "last_logs"
> & { folder?: StudentWindow["folder"] }

const idle: Running = {
  state: "not_started",
  since: null,
  version: 0,
  attempt: 0,
  progress: null,
  reason: null,
  ends_at: null,
  last_logs: "",
}

/** How each Course's environment stands for the one person of this fake. */
export const environments = new Map<string, Running>([
  [uuid(1, 1), { ...idle, ends_at: at(85) }],
  [
    uuid(1, 4),
    {
      ...idle,
      state: "failed",
      version: 3,
      attempt: 1,
      reason: {
        code: "port_silent",
        parameters: { port: 8888 },
        detail: "",
        reference: "K7F3-9QD2",
      },
      last_logs:
        "[I 14:02:11 ServerApp] Serving notebooks from local directory: /home/student/work\nOSError: [Errno 98] Address already in use: ('0.0.0.0', 8888)\n",
    },
  ],
  [
    uuid(1, 5),
    {
      ...idle,
      state: "ready",
      version: 9,
      attempt: 2,
      since: at(-50),
      ends_at: at(4.4),
      folder: {
        used_bytes: 1_825_361_100,
        allowed_bytes: 2_147_483_648,
        used_files: 8_412,
        allowed_files: 131_072,
        by_files: false,
        level: "warning",
      },
    },
  ],
])

export const environmentOf = (courseId: string) => environments.get(courseId) ?? idle
