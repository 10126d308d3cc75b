/** An editor with syntax colours. Large, so it is fetched only where it is used. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import {
  HighlightStyle,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language"
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile"
import { shell } from "@codemirror/legacy-modes/mode/shell"
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint"
import { EditorState } from "@codemirror/state"
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { useEffect, useRef } from "react"
import { useReadOnly } from "@/ui/form/EditableOnly"
import styles from "./CodeEditor.module.css"

export type CodeProblem = { line: number; message: string; severity: "error" | "warning" }

type Props = {
  language: "dockerfile" | "shell"
  value: string
  label: string
  describedBy?: string
  /** A line to show and to stand on. */
  line?: number
  check?: (text: string) => CodeProblem[] | Promise<CodeProblem[]>
  onChange: (text: string) => void
  onBlur?: () => void
}

const MODES = { dockerfile: dockerFile, shell }

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--md-code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--md-code-string)" },
  { tag: tags.comment, color: "var(--md-code-comment)", fontStyle: "italic" },
  {
    tag: [tags.variableName, tags.definition(tags.variableName)],
    color: "var(--md-code-variable)",
  },
  { tag: [tags.standard(tags.variableName), tags.atom], color: "var(--md-code-keyword)" },
])

export default function CodeEditor(props: Props) {
  const { language, value, label, describedBy, line } = props
  const readOnly = useReadOnly()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes goes through `latest`
  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          drawSelection(),
          history(),
          indentUnit.of("    "),
          StreamLanguage.define(MODES[language]),
          syntaxHighlighting(colours),
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          linter((shown) => diagnostics(shown, latest.current.check), { delay: 400 }),
          lintGutter(),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          EditorView.contentAttributes.of({
            "aria-label": label,
            ...(describedBy ? { "aria-describedby": describedBy } : {}),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
            if (update.focusChanged && !update.view.hasFocus) latest.current.onBlur?.()
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [language, label, readOnly])

  // What was replaced from outside (reset after a save, for one).
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor || !line || line > editor.state.doc.lines) return
    const at = editor.state.doc.line(line)
    editor.dispatch({
      selection: { anchor: at.from, head: at.to },
      effects: EditorView.scrollIntoView(at.from, { y: "center" }),
    })
    editor.focus()
  }, [line])

  return <div ref={host} className={styles.editor} />
}

async function diagnostics(view: EditorView, check: Props["check"]): Promise<Diagnostic[]> {
  const { doc } = view.state
  const problems = (await check?.(doc.toString())) ?? []
  return problems
    .filter(({ line }) => line >= 1 && line <= doc.lines)
    .map(({ line, message, severity }) => {
      const { from, to } = doc.line(line)
      return { from, to, message, severity }
    })
}
