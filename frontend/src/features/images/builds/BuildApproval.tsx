/** Building needs an operator's approval, once: says so, and asks for it with one button. */
import { Button } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"

export function useMayBuild(): boolean {
  const me = api.useQuery("get", "/api/me")
  // Until it is known, show what nearly everybody may: the api refuses anyway.
  return me.data?.can.includes("build_images") ?? true
}

export function BuildApproval() {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const me = api.useQuery("get", "/api/me")
  const ask = useMutation({
    mutationFn: async () => {
      const { data, error } = await http.POST("/api/me/build-request")
      if (error) throw error
      return data
    },
    onSuccess: (data) => cache.setQueryData(api.queryOptions("get", "/api/me").queryKey, data),
  })
  const approval = me.data?.build_approval
  if (!approval || approval === "approved") return null
  if (approval === "asked") {
    return (
      <Notice tone="info" title={t("people.build.askedTitle")}>
        {t("people.build.askedText")}
      </Notice>
    )
  }
  return (
    <>
      <ProblemNotice error={ask.error} />
      <Notice
        tone="info"
        title={t("people.build.needTitle")}
        action={
          me.data?.can.includes("create_courses") && (
            <Button size="sm" loading={ask.isPending} onClick={() => ask.mutate()}>
              {t("people.build.ask")}
            </Button>
          )
        }
      >
        {t("people.build.needText")}
      </Notice>
    </>
  )
}
