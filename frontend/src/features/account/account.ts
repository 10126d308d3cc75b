/** My account as data: how I come in, and what I proved a moment ago. */
import { useMutation, useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { beginLink, ownTab } from "@/api/linking"
import { signInProviders } from "@/api/signIn"

/** Of operators who were made by a command. */
const BY_COMMAND = "urn:mydocker:operators"

export function myAccount() {
  return api.queryOptions("get", "/api/account")
}

export function linkRequest(id: string) {
  const path = { link_id: id }
  return api.queryOptions("get", "/api/account/link-requests/{link_id}", { params: { path } })
}

export function useProviders() {
  return useQuery({ queryKey: ["sign-in"], queryFn: signInProviders })
}

/** What people call the place an identity is of. */
export function useWayName(): (issuer: string) => string {
  const { t, i18n } = useTranslation()
  const providers = useProviders()
  return (issuer) => {
    if (issuer === BY_COMMAND) return t("account.way.command")
    const provider = providers.data?.find((known) => known.issuer === issuer)
    if (provider) return provider.title[i18n.language] ?? provider.id
    return t("account.way.course", { host: hostOf(issuer) })
  }
}

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer
}

/** Leaves for the provider; the page comes back with a link request. */
export function useBeginLink() {
  return useMutation({
    mutationFn: beginLink,
    onSuccess: (url) => window.location.assign(url),
  })
}

/** Opens the account outside of the frame. The tab is opened first: later it would be blocked. */
export function useOwnTab() {
  return useMutation({
    mutationFn: async () => {
      const tab = window.open("", "_blank")
      try {
        const url = await ownTab()
        if (tab) {
          tab.opener = null
          tab.location.replace(url)
        }
        return { url, opened: tab !== null }
      } catch (error) {
        tab?.close()
        throw error
      }
    },
  })
}
