/** Which part of a long list is shown. */
import { Button, Group } from "@mantine/core"
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"

export type Paging = {
  page: number
  pageSize: number
  total: number
  onPage: (page: number) => void
}

export function Pager({ page, pageSize, total, onPage }: Paging) {
  const { t } = useTranslation()
  if (total <= pageSize) return null
  const from = (page - 1) * pageSize + 1
  const to = Math.min(total, page * pageSize)
  return (
    <nav aria-label={t("app.pages")}>
      <Group justify="flex-end" gap="sm" mt="md">
        <span>{t("app.pageOf", { from, to, total })}</span>
        <Button
          variant="default"
          size="sm"
          disabled={page <= 1}
          leftSection={<IconChevronLeft size={16} aria-hidden />}
          onClick={() => onPage(page - 1)}
        >
          {t("app.previousPage")}
        </Button>
        <Button
          variant="default"
          size="sm"
          disabled={to >= total}
          rightSection={<IconChevronRight size={16} aria-hidden />}
          onClick={() => onPage(page + 1)}
        >
          {t("app.nextPage")}
        </Button>
      </Group>
    </nav>
  )
}
