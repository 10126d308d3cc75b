/** Saves an edit in the version that the form was filled with; asks when another came first. */
import type { UseMutationResult } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { asProblem } from "@/api/problems"
import { type Comparison, compare } from "./versions"

export type Edit<Draft> = { draft: Draft; etag: string }

export type Conflict<Draft, Resource> = Comparison<Draft> & {
  theirs: Resource
  changedAt: string | null
  changedBy: string | null
}

type Options<Draft, Resource> = {
  /** As last read; a form without unsaved changes follows it. */
  current: Resource
  dirty: boolean
  save: Pick<UseMutationResult<Resource, unknown, Edit<Draft>>, "isPending" | "reset"> & {
    mutateAsync: (edit: Edit<Draft>) => Promise<Resource>
  }
  /** Reads the resource anew. */
  read: () => Promise<Resource>
  draftOf: (resource: Resource) => Draft
  /** Fills the form with a version, as unchanged. */
  adopt: (resource: Resource) => void
  /** Fields of the draft that are compared field by field. */
  groups?: readonly string[]
}

export function useEditConflict<Draft extends object, Resource extends { etag: string }>({
  current,
  dirty,
  save,
  read,
  draftOf,
  adopt,
  groups,
}: Options<Draft, Resource>) {
  const [base, setBase] = useState(current)
  const [conflict, setConflict] = useState<Conflict<Draft, Resource> | null>(null)

  function settle(version: Resource): Resource {
    setConflict(null)
    setBase(version)
    adopt(version)
    return version
  }

  const follows = !dirty && !save.isPending && current.etag !== base.etag
  // biome-ignore lint/correctness/useExhaustiveDependencies: `settle` is made anew at each drawing
  useEffect(() => {
    if (follows) settle(current)
  }, [follows, current])

  /** The saved version; null while the dialog asks. Other refusals are thrown. */
  async function attempt(draft: Draft, over: Resource): Promise<Resource | null> {
    try {
      return settle(await save.mutateAsync({ draft, etag: over.etag }))
    } catch (error) {
      const { code, parameters } = asProblem(error)
      if (code !== "edited_meanwhile") {
        setConflict(null)
        throw error
      }
      save.reset()
      const theirs = await read()
      if (theirs.etag === over.etag) throw error
      const comparison = compare(draftOf(over), draft, draftOf(theirs), groups)
      if (!comparison.changedByThem) return attempt(comparison.merged, theirs)
      if (comparison.differing.length === 0) return settle(theirs)
      const text = (name: string) => (parameters?.[name] ? String(parameters[name]) : null)
      setConflict({
        ...comparison,
        theirs,
        changedAt: text("changed_at"),
        changedBy: text("changed_by"),
      })
      return null
    }
  }

  return {
    /** The version that the form was filled with. */
    base,
    submit: (draft: Draft) => attempt(draft, base),
    conflict,
    keepTheirs: () => conflict && settle(conflict.theirs),
    saveMine: async () => (conflict ? attempt(conflict.merged, conflict.theirs) : null),
    goOn: () => setConflict(null),
  }
}
