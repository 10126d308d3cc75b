/** Joins a Course by the code of an address, or by a code that somebody types. */
import { Button, TextInput } from "@mantine/core"
import { IconUserPlus } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { PlainPage } from "@/ui/page/PlainPage"
import { joinByCode } from "./join"

type Props = { code?: string; onJoined: (courseId: string) => void }

export function JoinCourse({ code, onJoined }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(code ?? "")
  const join = useMutation({
    mutationFn: joinByCode,
    onSuccess: (joined) => onJoined(joined.course_id),
  })
  const began = useRef(false)
  useEffect(() => {
    if (!code || began.current) return
    began.current = true
    join.mutate(code)
  }, [code, join])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim()) join.mutate(typed)
  }
  const waits = code && !join.error
  return (
    <PlainPage
      title={t(join.error ? "join.failedTitle" : "join.title")}
      icon={<IconUserPlus size={36} stroke={1.6} aria-hidden />}
    >
      <ProblemNotice error={join.error} />
      {waits ? (
        <p role="status">{t("join.joining")}</p>
      ) : (
        <form onSubmit={submit}>
          <TextInput
            label={t("join.code")}
            description={t("join.codeHelp")}
            autoComplete="off"
            maxLength={40}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" mt="md" loading={join.isPending} disabled={!typed.trim()}>
            {t("join.submit")}
          </Button>
        </form>
      )}
    </PlainPage>
  )
}
