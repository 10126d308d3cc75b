/** One Build: how far it is, its digest, or what failed and where. */
import { Button } from "@mantine/core"
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { lazy, Suspense } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { BuildStatus, Profile } from "@/api/types"
import { useFormat } from "@/lib/format"
import { useLive, useLiveConnected } from "@/lib/live"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CopyButton } from "@/ui/text/CopyButton"
import { buildsOf, imageOf, isEnded, useCancelBuild } from "../images"
import styles from "../images.module.css"
import { BuildPackages } from "../packages/BuildPackages"
import { BuildCourses } from "./BuildCourses"
import { BuildLog } from "./BuildLog"
import { BuildPhaseLabel } from "./BuildPhaseLabel"
import { BuildRootPart } from "./BuildRoot"
import { BuildTrial, type ShowTrial } from "./BuildTrial"

// The comparison brings its own library: it is fetched when a build is looked at.
const BuildCompare = lazy(() =>
  import("./BuildCompare").then(({ BuildCompare }) => ({ default: BuildCompare })),
)

type Props = {
  buildId: string
  profile: Profile
  mayBuild: boolean
  onLine: (line: number) => void
  showTrial: ShowTrial
}

export function BuildView({ buildId, profile, mayBuild, onLine, showTrial }: Props) {
  const { t } = useTranslation()
  const build = useBuild(buildId)
  const cancel = useCancelBuild()
  return (
    <div className={styles.build}>
      <div className={styles.buildHead}>
        <h2>{t("build.title", { number: build.number })}</h2>
        <BuildPhaseLabel phase={build.phase} />
        <Times build={build} />
        {mayBuild && !isEnded(build) && (
          <Button
            variant="default"
            size="sm"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(build.id)}
          >
            {t("build.cancel")}
          </Button>
        )}
      </div>
      <ProblemNotice error={cancel.error} />
      <div role="status" aria-live="polite">
        {build.phase !== "failed" && t(`build.sentence.${build.phase}`)}
      </div>
      {!isEnded(build) && build.step && <BuildProgress build={build} />}
      {build.phase === "failed" && <Failure build={build} onLine={onLine} />}
      {build.phase === "succeeded" && build.reference && (
        <div>
          <p className={styles.dim}>{t("build.digest")}</p>
          <div className={styles.digest}>
            <code>{build.reference.split("@").at(-1)}</code>
            <CopyButton
              label={`${t("app.copy")} (${t("build.digest")})`}
              text={() => build.reference ?? ""}
            />
          </div>
        </div>
      )}
      {build.context_digest && (
        <p className={styles.dim}>
          {t("build.files")} <code>{build.context_digest.slice(0, 12)}</code>
        </p>
      )}
      {build.phase === "succeeded" && <BuildTrial buildId={build.id} show={showTrial} />}
      {build.phase === "succeeded" && <BuildCourses key={`courses ${build.id}`} build={build} />}
      <Suspense>
        <BuildCompare key={`compare ${build.id}`} build={build} />
      </Suspense>
      {build.phase === "succeeded" && <BuildPackages key={`packages ${build.id}`} build={build} />}
      {build.phase === "succeeded" && <BuildRootPart buildId={build.id} profile={profile} />}
      <BuildLog key={build.id} buildId={build.id} />
    </div>
  )
}

function useBuild(buildId: string): BuildStatus {
  const cache = useQueryClient()
  const connected = useLiveConnected()
  const { data, refetch } = useSuspenseQuery({
    ...api.queryOptions("get", "/api/builds/{build_id}", {
      params: { path: { build_id: buildId } },
    }),
    refetchInterval: ({ state }) => {
      if (state.data && isEnded(state.data)) return false
      return connected ? 5_000 : 1_000
    },
  })
  useLive(
    (change) => change.kind === "build.changed" && change.subject_id === buildId,
    () => {
      void refetch({ cancelRefetch: true })
      void cache.invalidateQueries({ queryKey: buildsOf(data.image_id).queryKey })
      void cache.invalidateQueries({ queryKey: imageOf(data.image_id).queryKey })
    },
  )
  return data
}

function Times({ build }: { build: BuildStatus }) {
  const { t } = useTranslation()
  const format = useFormat()
  const began = new Date(build.started_at ?? build.queued_at)
  const said = build.started_at ? "build.started" : "build.queued"
  return (
    <span className={styles.dim} title={format.exact(began)}>
      {t(said, { when: format.fromNow(began, new Date()) })}
      {build.ended_at &&
        ` · ${t("build.took", {
          time: format.duration(new Date(build.ended_at).getTime() - began.getTime()),
        })}`}
    </span>
  )
}

function useStepText(build: BuildStatus): string {
  const { t } = useTranslation()
  const { step, steps } = build
  if (!step) return ""
  return steps ? t("build.step", { step, steps }) : t("build.stepAlone", { step })
}

function Instruction({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a line that scrolls must be reachable by keyboard
    <code className={styles.instruction} tabIndex={0}>
      {text}
    </code>
  )
}

function BuildProgress({ build }: { build: BuildStatus }) {
  const stepText = useStepText(build)
  const done = build.steps ? ((build.step ?? 0) / build.steps) * 100 : 10
  return (
    <div>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={stepText}
        aria-valuemin={0}
        aria-valuemax={build.steps ?? undefined}
        aria-valuenow={build.step ?? undefined}
      >
        <span style={{ width: `${done}%` }} />
      </div>
      <p className={styles.dim}>{stepText}</p>
      {build.instruction && <Instruction text={build.instruction} />}
    </div>
  )
}

function Failure({ build, onLine }: { build: BuildStatus; onLine: (line: number) => void }) {
  const { t } = useTranslation()
  const stepText = useStepText(build)
  const failure = build.failure ?? "engine_refused"
  const line = build.line
  return (
    <div className={styles.failed}>
      <Notice tone="bad" title={t(`build.failure.${failure}`)}>
        <p style={{ margin: 0 }}>{t(`build.failureAdvice.${failure}`)}</p>
        {(build.step || line) && (
          <p style={{ margin: "8px 0 4px" }}>
            {[stepText, line && t("build.line", { line })].filter(Boolean).join(" · ")}
          </p>
        )}
        {build.instruction && <Instruction text={build.instruction} />}
        {build.message && (
          <>
            <p style={{ margin: "8px 0 0" }}>{t("build.engineSays")}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <pre tabIndex={0}>{build.message}</pre>
          </>
        )}
        {line && (
          <Button variant="default" size="sm" onClick={() => onLine(line)}>
            {t("build.goToLine", { line })}
          </Button>
        )}
      </Notice>
    </div>
  )
}
