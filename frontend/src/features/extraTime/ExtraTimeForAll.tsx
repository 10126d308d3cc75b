/** The button that grants extra time to everybody, for those who may. */
import { Button } from "@mantine/core"
import { IconHourglass } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ExtraTimeDialog } from "./ExtraTimeDialog"
import { extraTimeOf } from "./extraTime"

export function ExtraTimeForAll({ courseId }: { courseId: string }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const { data } = useQuery(extraTimeOf(courseId))
  if (!data?.may_grant_everybody) return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconHourglass size={17} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t("extraTime.actionAll")}
      </Button>
      {opened && <ExtraTimeDialog courseId={courseId} onClose={() => setOpened(false)} />}
    </>
  )
}
