/** The live room of a Course. */
import { Button } from "@mantine/core"
import { IconPresentation } from "@tabler/icons-react"
import { createFileRoute, Link } from "@tanstack/react-router"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { ExtraTimeDialog } from "@/features/extraTime/ExtraTimeDialog"
import { ExtraTimeForAll } from "@/features/extraTime/ExtraTimeForAll"
import { GROUPS, type RoomFilter } from "@/features/room/groups"
import { LiveRoom } from "@/features/room/LiveRoom"
import { roomOf } from "@/features/room/room"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/room")({
  validateSearch: (raw: Record<string, unknown>): RoomFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    group: GROUPS.find((group) => group === raw.group),
  }),
  loader: ({ context, params }) => context.queryClient.ensureQueryData(roomOf(params.courseId)),
  component: RoomRoute,
})

function RoomRoute() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  const onFilter = useCallback(
    (search: RoomFilter) => void navigate({ search, replace: true }),
    [navigate],
  )
  return (
    <LiveRoom
      courseId={courseId}
      filter={filter}
      onFilter={onFilter}
      extraTime={{
        forAll: <ExtraTimeForAll courseId={courseId} />,
        dialog: (person, onClose) => (
          <ExtraTimeDialog courseId={courseId} person={person} onClose={onClose} />
        ),
      }}
      projectorLink={
        <Button
          variant="default"
          leftSection={<IconPresentation size={17} aria-hidden />}
          renderRoot={(root) => (
            <Link to="/courses/$courseId/projector" params={{ courseId }} {...root} />
          )}
        >
          {t("room.projector")}
        </Button>
      }
    />
  )
}
