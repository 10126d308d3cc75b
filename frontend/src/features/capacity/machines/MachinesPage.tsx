/** Machines that Terraform makes for one pool: whether it does, what is there, each run, settings. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { BackLink } from "@/ui/page/BackLink"
import { NotFoundPage } from "@/ui/page/NotFoundPage"
import { PageHeader } from "@/ui/page/PageHeader"
import { poolList } from "../capacity"
import { MachineTable } from "./MachineTable"
import { scalingOf } from "./machines"
import styles from "./machines.module.css"
import { RunTable } from "./RunTable"
import { ScalingForm } from "./ScalingForm"
import { ScalingStatus } from "./ScalingStatus"

type Props = { name: string; page: number; onPage: (page: number) => void }

export function MachinesPage({ name, page, onPage }: Props) {
  const { t } = useTranslation()
  const { data: pools } = useSuspenseQuery(poolList())
  const { data: state } = useSuspenseQuery(scalingOf(name))
  const pool = pools.find((entry) => entry.pool.name === name)?.pool
  if (!pool) return <NotFoundPage />
  const named = { title: pool.title, interpolation: { escapeValue: false } }
  return (
    <>
      <PageHeader
        title={t("machines.title", named)}
        above={
          <BackLink to="/dashboard/operate/nodes/pools/$name" params={{ name }}>
            {t("machines.backTo", named)}
          </BackLink>
        }
      >
        {t("machines.text")}
      </PageHeader>
      <div className={styles.stack}>
        {!pool.growth && (
          <Notice tone="warn" title={t("machines.noGrowth")}>
            <Link to="/dashboard/operate/nodes/pools/$name" params={{ name }}>
              {t("machines.noGrowthAct")}
            </Link>
          </Notice>
        )}
        {!state.command && <Notice tone="warn">{t("machines.noCommand")}</Notice>}
        <ScalingStatus name={name} state={state} budget={pool.growth?.monthly_budget ?? null} />
        <MachineTable machines={state.machines ?? []} />
        <RunTable name={name} page={page} onPage={onPage} />
        <ScalingForm key={state.etag ?? ""} name={name} state={state} />
      </div>
    </>
  )
}
