/** The Builds of an Image, and the one that is looked at. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { Suspense } from "react"
import { useTranslation } from "react-i18next"
import type { Profile } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { Patience } from "@/ui/Patience"
import { BuildPhaseLabel } from "./BuildPhaseLabel"
import { BuildView } from "./BuildView"
import { buildsOf } from "./images"
import styles from "./images.module.css"

type Props = {
  imageId: string
  profile: Profile
  selected: string | undefined
  mayBuild: boolean
  onSelect: (buildId: string) => void
  onLine: (line: number) => void
}

export function Builds({ imageId, profile, selected, mayBuild, onSelect, onLine }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
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
      </nav>
      <Suspense fallback={<Patience />}>
        <BuildView
          key={shown}
          buildId={shown}
          profile={profile}
          mayBuild={mayBuild}
          onLine={onLine}
        />
      </Suspense>
    </div>
  )
}
