/** The Builds of an Image, and the one that is looked at. */
import { Button } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Suspense, useId } from "react"
import { useTranslation } from "react-i18next"
import type { Profile } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { Patience } from "@/ui/feedback/Patience"
import { buildsOf } from "../images"
import styles from "../images.module.css"
import { BuildPhaseLabel } from "./BuildPhaseLabel"
import type { ShowTrial } from "./BuildTrial"
import { BuildView } from "./BuildView"

type Props = {
  imageId: string
  profile: Profile
  selected: string | undefined
  mayBuild: boolean
  onSelect: (buildId: string) => void
  onLine: (line: number) => void
  /** Build the image as it stands, with every step run again. */
  onBuildWithoutCache: () => void
  showTrial: ShowTrial
}

export function Builds({
  imageId,
  profile,
  selected,
  mayBuild,
  onSelect,
  onLine,
  onBuildWithoutCache,
  showTrial,
}: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const help = useId()
  const { data } = useSuspenseQuery(buildsOf(imageId))
  const shown =
    data.items.find((build) => build.id === selected)?.id ?? selected ?? data.items[0]?.id
  const now = new Date()
  if (!shown) return <EmptyState title={t("build.none")} text={t("build.noneHelp")} />
  return (
    <div className={styles.builds}>
      <nav aria-label={t("build.history")}>
        <ul className={styles.history}>
          {data.items.map((build) => (
            <li key={build.id}>
              <button
                type="button"
                className={styles.historyItem}
                aria-current={build.id === shown ? "true" : undefined}
                onClick={() => onSelect(build.id)}
              >
                <strong>{t("build.title", { number: build.number })}</strong>
                <BuildPhaseLabel phase={build.phase} />
                <span className={styles.dim}>{format.fromNow(new Date(build.queued_at), now)}</span>
              </button>
            </li>
          ))}
        </ul>
        {mayBuild && (
          <>
            <Button
              variant="default"
              size="sm"
              mt="sm"
              aria-describedby={help}
              onClick={onBuildWithoutCache}
            >
              {t("build.withoutCache")}
            </Button>
            <p id={help} className={styles.dim}>
              {t("build.withoutCacheHelp")}
            </p>
          </>
        )}
      </nav>
      <Suspense fallback={<Patience />}>
        <BuildView
          key={shown}
          buildId={shown}
          profile={profile}
          mayBuild={mayBuild}
          onLine={onLine}
          showTrial={showTrial}
        />
      </Suspense>
    </div>
  )
}
