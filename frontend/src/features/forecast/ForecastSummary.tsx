/** What the forecast means, in a few sentences. */
import { useTranslation } from "react-i18next"
import type { Forecast } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"

export function ForecastSummary({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date(forecast.now)
  const fullest = forecast.points
    .filter((point) => new Date(point.ends_at) > now)
    .reduce((most, point) => Math.max(most, point.waiting), 0)
  const counts = { count: forecast.machines, most: forecast.most_machines }
  return (
    <Notice
      tone={!forecast.observed ? "still" : fullest > 0 ? "warn" : "ok"}
      title={
        forecast.observed
          ? fullest > 0
            ? t("forecast.waiting", { count: fullest })
            : t("forecast.enough")
          : t("forecast.unobserved")
      }
    >
      {t("forecast.machines", counts)}
      {forecast.orders.length > 0 && (
        <ul>
          {forecast.orders.map((order) => (
            <li key={order.needed_at}>
              {t("forecast.order", {
                count: order.count,
                by: format.moment(new Date(order.needed_at), now),
                begin: format.moment(new Date(order.order_at), now),
              })}
            </li>
          ))}
        </ul>
      )}
      {forecast.cost !== null && (
        <p>{t("forecast.cost", { cost: format.number(forecast.cost) })}</p>
      )}
    </Notice>
  )
}
