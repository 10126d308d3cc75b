/** The three lists that belong to connecting platforms. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { SectionTabs } from "@/ui/page/SectionTabs"

const TABS = [
  { key: "platforms", to: "/dashboard/operate/platforms" },
  { key: "invitations", to: "/dashboard/operate/platforms/invitations" },
  { key: "keys", to: "/dashboard/operate/platforms/keys" },
] as const

export function PlatformTabs({ current }: { current: (typeof TABS)[number]["key"] }) {
  const { t } = useTranslation()
  return (
    <SectionTabs label={t("platforms.tabs.label")} current={current}>
      {TABS.map(({ key, to }) => (
        <Link
          key={key}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={key === current ? "page" : undefined}
        >
          {t(`platforms.tabs.${key}`)}
        </Link>
      ))}
    </SectionTabs>
  )
}
