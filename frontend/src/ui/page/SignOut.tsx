/** The button that ends the session. */
import { Button } from "@mantine/core"
import { IconDoorExit } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { signOut } from "@/api/session"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"

export function SignOut() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: "/signed-out" })
      cache.clear()
    },
  })
  return (
    <>
      <ProblemNotice error={leave.error} />
      <Button
        variant="subtle"
        color="gray"
        c="dimmed"
        size="compact-sm"
        leftSection={<IconDoorExit size={16} aria-hidden />}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t("signIn.out.action")}
      </Button>
    </>
  )
}
