/** What an import made, and what comes next. */
import { Button, Group } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { Section } from "@/ui/page/Section"
import type { ImportedCourse } from "./courseFiles"
import { LeftOutNotice } from "./LeftOutNotice"

export function ImportDone({
  made: { course, image, sessions, left_out },
}: {
  made: ImportedCourse
}) {
  const { t } = useTranslation()
  const heading = useRef<HTMLDivElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div ref={heading} tabIndex={-1}>
      <Section title={t("courseFile.done")}>
        <Notice tone="ok" title={t("courseFile.made", { title: course.title })}>
          {[
            image && t("courseFile.madeImage", { title: image.title }),
            course.image && t("courseFile.usesImage", { title: course.image.image_title }),
            sessions > 0 && t("courseFile.madeSessions", { count: sessions }),
          ]
            .filter(Boolean)
            .join(" ")}
        </Notice>
        <LeftOutNotice items={left_out} />
        <Group gap="sm">
          {image && (
            <Button
              renderRoot={(root) => (
                <Link to="/dashboard/images/$imageId" params={{ imageId: image.id }} {...root} />
              )}
            >
              {t("courseFile.buildImage")}
            </Button>
          )}
          <Button
            variant={image ? "default" : "filled"}
            renderRoot={(root) => (
              <Link to="/dashboard/courses/$courseId" params={{ courseId: course.id }} {...root} />
            )}
          >
            {t("courseFile.openCourse")}
          </Button>
        </Group>
      </Section>
    </div>
  )
}
