/** One pool: what it gives, changed and removed here. */
import { Button } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { Trans, useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { NotFoundPage } from "@/ui/page/NotFoundPage"
import { PageHeader } from "@/ui/page/PageHeader"
import { BackToMachines } from "../BackToMachines"
import { poolList } from "../capacity"
import { PoolForm } from "./PoolForm"
import styles from "./pools.module.css"
import { RemovePool } from "./RemovePool"

type Props = { name: string; made: boolean }

export function PoolPage({ name, made }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(poolList())
  const state = data.find(({ pool }) => pool.name === name)
  if (!state) return <NotFoundPage />
  return (
    <>
      <PageHeader
        title={state.pool.title}
        above={<BackToMachines />}
        action={
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                to="/dashboard/operate/nodes/pools/$name/machines"
                params={{ name }}
                {...props}
              />
            )}
          >
            {t("pools.automatic")}
          </Button>
        }
      >
        <span>{t("pools.changeText")}</span>
      </PageHeader>
      <div className={styles.stack}>
        {made && state.nodes === 0 && (
          <Notice tone="ok" title={t("pools.madeTitle")}>
            <Trans
              i18nKey="pools.madeText"
              components={{ machines: <Link to="/dashboard/operate/nodes" /> }}
            />
          </Notice>
        )}
        <PoolForm state={state} />
        <RemovePool state={state} />
      </div>
    </>
  )
}
