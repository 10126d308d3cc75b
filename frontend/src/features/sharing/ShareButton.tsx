/** Opens the dialog about who has which right. */
import { Button } from "@mantine/core"
import { IconUsersPlus } from "@tabler/icons-react"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ShareDialog } from "./ShareDialog"
import type { Shared } from "./sharing"

type Props = { shared: Shared; mayShare: boolean }

export function ShareButton({ shared, mayShare }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUsersPlus size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {mayShare ? t("sharing.open") : t("sharing.openReadOnly")}
      </Button>
      {open && <ShareDialog shared={shared} onClose={() => setOpen(false)} />}
    </>
  )
}
