/** My SSH keys: see them, add one, remove one. */
import { Button, Textarea, TextInput } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { asProblem, type Problem } from "@/api/problems"
import type { SshKey } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useProblemText } from "@/ui/feedback/problemText"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { PageHeader } from "@/ui/page/PageHeader"
import { Preferences } from "@/ui/page/Preferences"
import { Section } from "@/ui/page/Section"
import { Ago } from "@/ui/text/Ago"
import { CopyableCode } from "@/ui/text/CopyableCode"
import styles from "./SshKeysPage.module.css"
import { FAULTS, keyList, useAddKey, useRemoveKey } from "./sshKeys"

export function SshKeysPage({ back }: { back: ReactNode }) {
  const { t } = useTranslation()
  return (
    <main className={styles.page} id="content">
      <PageHeader title={t("sshKeys.title")} above={<p className={styles.back}>{back}</p>}>
        {t("sshKeys.text")}
      </PageHeader>
      <Keys />
      <AddKey />
      <HowTo />
      <footer className={styles.foot}>
        <Preferences />
      </footer>
    </main>
  )
}

function Keys() {
  const { t } = useTranslation()
  const { data: keys } = useSuspenseQuery(keyList())
  const [asked, setAsked] = useState<SshKey | null>(null)
  const [said, setSaid] = useState("")
  const remove = useRemoveKey()
  const columns = useColumns(setAsked)
  const confirm = (key: SshKey) =>
    remove.mutate(key, {
      onSuccess: () => {
        setSaid(t("sshKeys.removed", { title: key.title }))
        setAsked(null)
      },
    })
  return (
    <section aria-label={t("sshKeys.list")}>
      <p role="status" className="md-hidden">
        {said}
      </p>
      <DataTable
        caption={t("sshKeys.list")}
        columns={columns}
        rows={keys}
        rowKey={(key) => key.id}
        empty={<EmptyState title={t("sshKeys.none")} text={t("sshKeys.noneText")} />}
      />
      {asked && (
        <ConfirmDialog
          opened
          danger
          title={t("sshKeys.removeTitle", { title: asked.title })}
          confirm={t("sshKeys.remove")}
          busy={remove.isPending}
          onConfirm={() => confirm(asked)}
          onClose={() => setAsked(null)}
        >
          <p>{t("sshKeys.removeText")}</p>
          <ProblemNotice error={remove.error} />
        </ConfirmDialog>
      )}
    </section>
  )
}

function useColumns(onRemove: (key: SshKey) => void): Column<SshKey>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "name",
      header: t("sshKeys.column.name"),
      cell: (key) => (
        <>
          <span className={table.name}>{key.title}</span>
          <div className={table.under}>
            {key.algorithm} <code className={styles.fingerprint}>{key.fingerprint}</code>
          </div>
        </>
      ),
    },
    {
      id: "added",
      header: t("sshKeys.column.added"),
      labelled: true,
      cell: (key) => <Ago at={key.created_at} now={now} />,
    },
    {
      id: "used",
      header: t("sshKeys.column.used"),
      labelled: true,
      cell: ({ used_at }) => (used_at ? <Ago at={used_at} now={now} /> : t("sshKeys.never")),
    },
    {
      id: "remove",
      header: t("sshKeys.remove"),
      kind: "actions",
      cell: (key) => (
        <Button
          variant="default"
          size="sm"
          aria-label={t("sshKeys.removeOf", { title: key.title })}
          onClick={() => onRemove(key)}
        >
          {t("sshKeys.remove")}
        </Button>
      ),
    },
  ]
}

function AddKey() {
  const { t } = useTranslation()
  const text = useProblemText()
  const add = useAddKey()
  const [line, setLine] = useState("")
  const [title, setTitle] = useState("")
  const [missing, setMissing] = useState(false)
  const fault = add.error ? faultOf(asProblem(add.error)) : null
  const problem = add.error ? asProblem(add.error) : null
  const known = problem?.code.startsWith("ssh_key") ?? false
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(!line.trim())
    if (!line.trim()) return
    add.mutate(
      { public_key: line.trim(), title: title.trim() },
      {
        onSuccess: () => {
          setLine("")
          setTitle("")
        },
      },
    )
  }
  return (
    <form onSubmit={submit} noValidate>
      <Section title={t("sshKeys.addTitle")} text={t("sshKeys.addText")}>
        <Textarea
          label={t("sshKeys.key")}
          description={t("sshKeys.keyHelp")}
          placeholder="ssh-ed25519 AAAA…"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={16_384}
          required
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: styles.key }}
          value={line}
          error={
            missing
              ? t("sshKeys.missing")
              : fault
                ? t(`sshKeys.fault.${fault}`)
                : problem && known && text(problem)
          }
          onChange={(event) => {
            setLine(event.currentTarget.value)
            setMissing(false)
            add.reset()
          }}
        />
        <TextInput
          label={t("sshKeys.name")}
          description={t("sshKeys.nameHelp")}
          maxLength={80}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {problem && !known && <ProblemNotice error={add.error} />}
        <div className={styles.act}>
          <Button type="submit" loading={add.isPending}>
            {t("sshKeys.add")}
          </Button>
          <span role="status">{add.data && t("sshKeys.added", { title: add.data.title })}</span>
        </div>
      </Section>
    </form>
  )
}

function faultOf(problem: Problem) {
  return FAULTS.find((fault) => fault === problem.parameters?.fault) ?? null
}

function HowTo() {
  const { t } = useTranslation()
  const line = (text: string) => (
    <CopyableCode text={text} label={t("sshKeys.howTitle")} copy={t("sshKeys.copyCommand")} />
  )
  return (
    <Section title={t("sshKeys.howTitle")}>
      <p className={styles.step}>{t("sshKeys.howMake")}</p>
      {line("ssh-keygen -t ed25519")}
      <p className={styles.step}>{t("sshKeys.howShow")}</p>
      {line("cat ~/.ssh/id_ed25519.pub")}
      <p className={styles.step}>{t("sshKeys.windows")}</p>
      {line("type $env:USERPROFILE\\.ssh\\id_ed25519.pub")}
    </Section>
  )
}
