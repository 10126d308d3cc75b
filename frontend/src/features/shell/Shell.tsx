/** The frame of the dashboard: navigation at the left, a drawer on a phone. */
import { Burger, Drawer, VisuallyHidden } from "@mantine/core"
import {
  IconActivity,
  IconArrowLeft,
  IconBooks,
  IconBuilding,
  IconCalendar,
  IconChartAreaLine,
  IconDoorOff,
  IconFolders,
  IconKey,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPackage,
  IconPlugConnected,
  IconRobot,
  IconSchool,
  IconServer2,
  IconShieldCheck,
  IconStack2,
  IconUserOff,
  IconUsers,
  IconWebhook,
} from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { currentSession } from "@/api/session"
import { remember, remembered } from "@/lib/storage"
import { InsidePage } from "@/ui/page/PlainPage"
import { Preferences } from "@/ui/page/Preferences"
import { SignOut } from "@/ui/page/SignOut"
import styles from "./Shell.module.css"

const PLACES = [
  { to: "/dashboard/courses", key: "nav.courses", icon: IconSchool },
  { to: "/dashboard/images", key: "nav.images", icon: IconStack2 },
  { to: "/dashboard/calendar", key: "nav.calendar", icon: IconCalendar },
] as const

/** Operators have one of their own, with all Courses. */
const TEACHER_PLACES = [
  ...PLACES,
  { to: "/dashboard/forecast", key: "nav.forecast", icon: IconChartAreaLine },
] as const

/** For operators only; the api refuses everybody else. */
const OPERATOR_PLACES = [
  { to: "/dashboard/operate/running", key: "nav.running", icon: IconActivity },
  { to: "/dashboard/operate/people", key: "nav.people", icon: IconUsers },
  {
    to: "/dashboard/operate/erasure-requests",
    key: "personalData.requests",
    icon: IconUserOff,
  },
  { to: "/dashboard/operate/catalogue", key: "catalogue.title", icon: IconBooks },
  { to: "/dashboard/operate/packages", key: "packages.searchTitle", icon: IconPackage },
  { to: "/dashboard/operate/root", key: "nav.root", icon: IconShieldCheck },
  { to: "/dashboard/operate/nodes", key: "nav.nodes", icon: IconServer2 },
  { to: "/dashboard/operate/folders", key: "retention.title", icon: IconFolders },
  { to: "/dashboard/operate/forecast", key: "nav.forecast", icon: IconChartAreaLine },
  { to: "/dashboard/operate/refusals", key: "nav.refusals", icon: IconDoorOff },
  { to: "/dashboard/operate/platforms", key: "nav.platforms", icon: IconPlugConnected },
  { to: "/dashboard/operate/institution", key: "institution.title", icon: IconBuilding },
  { to: "/dashboard/operate/tokens", key: "nav.tokens", icon: IconKey },
  { to: "/dashboard/operate/webhooks", key: "nav.webhooks", icon: IconWebhook },
  { to: "/dashboard/operate/service-accounts", key: "nav.serviceAccounts", icon: IconRobot },
] as const

type Place = (typeof TEACHER_PLACES)[number] | (typeof OPERATOR_PLACES)[number]

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [narrow, setNarrow] = useState(() => remembered("nav") === "icons")
  const [opened, setOpened] = useState(false)
  const Toggle = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  const toggle = () => {
    remember("nav", narrow ? "words" : "icons")
    setNarrow(!narrow)
  }
  return (
    <div className={styles.shell} data-narrow={narrow || undefined}>
      <section className={styles.top} aria-label={t("app.name")}>
        <Burger
          opened={opened}
          onClick={() => setOpened(true)}
          size="sm"
          aria-label={t("app.menu")}
        />
        <span className={styles.brand}>{t("app.name")}</span>
        <Preferences compact />
      </section>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        size={280}
        title={t("app.name")}
        closeButtonProps={{ "aria-label": t("app.closeMenu") }}
      >
        <Places onGo={() => setOpened(false)} />
        <Person />
      </Drawer>
      <section className={styles.side} aria-label={t("app.name")}>
        <div className={styles.sideInner}>
          <span className={styles.brand}>{narrow ? "MD" : t("app.name")}</span>
          <Places narrow={narrow} />
          <div className={styles.sideEnd}>
            {!narrow && <Person />}
            {!narrow && <Preferences />}
            <button
              type="button"
              className={styles.toggle}
              onClick={toggle}
              aria-label={narrow ? t("nav.expand") : t("nav.collapse")}
              title={narrow ? t("nav.expand") : t("nav.collapse")}
            >
              <Toggle size={18} stroke={1.7} aria-hidden />
            </button>
          </div>
        </div>
      </section>
      <main className={styles.main} id="content">
        <WayBack />
        <InsidePage value={true}>{children}</InsidePage>
      </main>
    </div>
  )
}

type PlacesProps = { narrow?: boolean; onGo?: () => void }

function Places({ narrow = false, onGo }: PlacesProps) {
  const { t } = useTranslation()
  const me = api.useQuery("get", "/api/me")
  const can = me.data?.can ?? []
  const plans = can.includes("create_courses") && !can.includes("operate")
  return (
    <>
      <nav className={styles.places} aria-label={t("nav.main")}>
        <Entries places={plans ? TEACHER_PLACES : PLACES} narrow={narrow} onGo={onGo} />
      </nav>
      {can.includes("operate") && (
        <nav className={styles.places} aria-label={t("nav.operate")}>
          {!narrow && (
            <span className={styles.group} aria-hidden>
              {t("nav.operate")}
            </span>
          )}
          <Entries places={OPERATOR_PLACES} narrow={narrow} onGo={onGo} />
        </nav>
      )}
    </>
  )
}

function Entries({ places, narrow, onGo }: PlacesProps & { places: readonly Place[] }) {
  const { t } = useTranslation()
  return places.map(({ to, key, icon: PlaceIcon }) => (
    <Link
      key={to}
      to={to}
      onClick={onGo}
      className={styles.place}
      title={narrow ? t(key) : undefined}
      aria-label={narrow ? t(key) : undefined}
    >
      <PlaceIcon size={20} stroke={1.7} aria-hidden />
      {!narrow && <span>{t(key)}</span>}
      {!narrow && key === "nav.people" && <WaitingPeople />}
      {!narrow && key === "nav.root" && <WaitingRoot />}
    </Link>
  ))
}

/** How many ask to build images: operators need not look to know. */
function WaitingPeople() {
  const { t } = useTranslation()
  const waiting = api.useQuery("get", "/api/people", {
    params: { query: { kind: "waiting", page_size: 1 } },
  })
  const count = waiting.data?.total ?? 0
  return <Count count={count} text={t("people.waiting", { count })} />
}

/** How many builds wait for an approval to run as root. */
function WaitingRoot() {
  const { t } = useTranslation()
  const waiting = api.useQuery("get", "/api/root-approvals", {
    params: { query: { state: "asked", page_size: 1 } },
  })
  const count = waiting.data?.total ?? 0
  return <Count count={count} text={t("root.waiting", { count })} />
}

function Count({ count, text }: { count: number; text: string }) {
  if (count === 0) return null
  return (
    <span className={styles.waiting} title={text}>
      <span aria-hidden>{count}</span>
      <VisuallyHidden>{text}</VisuallyHidden>
    </span>
  )
}

/** Whoever came to choose content and went to make a Course wants to go back to choosing. */
function WayBack() {
  const { t } = useTranslation()
  const landing = currentSession()?.landing
  const text = (
    <>
      <IconArrowLeft size={16} aria-hidden /> {t("nav.backToPicker")}
    </>
  )
  if (landing?.kind === "picker" && landing.deep_linking_id) {
    const params = { deepLinkingId: landing.deep_linking_id }
    return (
      <Link to="/picker/$deepLinkingId" params={params} className={styles.wayBack}>
        {text}
      </Link>
    )
  }
  if (landing?.kind === "bind" && landing.resource_link_id) {
    const params = { resourceLinkId: landing.resource_link_id }
    return (
      <Link to="/bind/$resourceLinkId" params={params} className={styles.wayBack}>
        {text}
      </Link>
    )
  }
  return null
}

function Person() {
  const { t } = useTranslation()
  const me = api.useQuery("get", "/api/me")
  if (!me.data) return null
  return (
    <>
      <p className={styles.person}>{t("nav.signedInAs", { name: me.data.name })}</p>
      <Link to="/account" className={styles.account}>
        {t("account.open")}
      </Link>
      <Link to="/account/keys" className={styles.account}>
        {t("sshKeys.title")}
      </Link>
      <SignOut />
    </>
  )
}
