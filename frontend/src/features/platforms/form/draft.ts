/** A platform as its form has it: lists are lines of text. */
import type { FormErrors } from "@mantine/form"
import { useTranslation } from "react-i18next"
import type { Platform, PlatformDraft } from "@/api/types"

export const ADDRESSES = ["authorization_url", "token_url", "jwks_url"] as const
export const EMPTY = {
  name: "",
  issuer: "",
  client_id: "",
  deployments: "",
  authorization_url: "",
  token_url: "",
  jwks_url: "",
  origins: "",
}
export type PlatformValues = typeof EMPTY

const lines = (text: string) => [
  ...new Set(
    text
      .split(/\n/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

export function draftOf(values: PlatformValues): PlatformDraft {
  const { deployments, origins, ...rest } = values
  const trimmed = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, value.trim()]),
  ) as Omit<PlatformValues, "deployments" | "origins">
  return { ...trimmed, deployment_ids: lines(deployments), origins: lines(origins) }
}

/** Origins that follow from the addresses are not shown again. */
export function valuesOf(platform: Platform): PlatformValues {
  const implied = [platform.issuer, platform.authorization_url].map(originOf)
  return {
    name: platform.name,
    issuer: platform.issuer,
    client_id: platform.client_id,
    authorization_url: platform.authorization_url,
    token_url: platform.token_url,
    jwks_url: platform.jwks_url,
    deployments: platform.deployments
      .filter((deployment) => deployment.enabled)
      .map((deployment) => deployment.deployment_id)
      .join("\n"),
    origins: platform.origins.filter((origin) => !implied.includes(origin)).join("\n"),
  }
}

function originOf(address: string): string | null {
  try {
    return new URL(address).origin
  } catch {
    return null
  }
}

/** The addresses that Moodle has below its own; only where nothing was written yet. */
export function moodleAddresses(issuer: string): Partial<PlatformValues> {
  const site = issuer.trim().replace(/\/+$/, "")
  return {
    issuer: site,
    authorization_url: `${site}/mod/lti/auth.php`,
    token_url: `${site}/mod/lti/token.php`,
    jwks_url: `${site}/mod/lti/certs.php`,
  }
}

/** The server speaks of lists, the form of lines. */
export function onForm(errors: FormErrors): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([field, error]) => {
      const [first] = field.split(".")
      return [first === "deployment_ids" ? "deployments" : (first ?? field), error]
    }),
  )
}

export function useRules() {
  const { t } = useTranslation()
  const required = (value: string) => (value.trim() ? null : t("fieldProblem.missing"))
  const address = (value: string) =>
    required(value) ?? (URL.canParse(value.trim()) ? null : t("fieldProblem.address_unreadable"))
  return {
    name: required,
    issuer: required,
    client_id: required,
    deployments: required,
    authorization_url: address,
    token_url: address,
    jwks_url: address,
  }
}
