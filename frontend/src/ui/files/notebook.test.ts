import { expect, test } from "vitest"
import { cellsOf } from "./notebook"

const notebook = (...cells: object[]) => JSON.stringify({ nbformat: 4, cells })

test("cells have their source and outputs as text", () => {
  const cells = cellsOf(
    notebook(
      { cell_type: "markdown", source: ["# Title\n", "<script>alert(1)</script>"] },
      {
        cell_type: "code",
        execution_count: 3,
        source: "1/0",
        outputs: [
          { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
          { output_type: "error", traceback: ["\u001b[31mZeroDivisionError\u001b[0m"] },
          { output_type: "display_data", data: { "image/png": "aGVs\nbG8=" } },
        ],
      },
    ),
  )
  expect(cells).toEqual([
    { kind: "text", count: null, source: "# Title\n<script>alert(1)</script>", outputs: [] },
    {
      kind: "code",
      count: 3,
      source: "1/0",
      outputs: [
        { kind: "text", text: "a\nb", isError: false },
        { kind: "text", text: "ZeroDivisionError", isError: true },
        { kind: "picture", source: "data:image/png;base64,aGVsbG8=" },
      ],
    },
  ])
})

test("pages, scripts and drawings in outputs are named, never shown", () => {
  const outputs = [
    { output_type: "display_data", data: { "text/html": "<img src=x onerror=alert(1)>" } },
    { output_type: "display_data", data: { "image/svg+xml": "<svg onload=alert(1)>" } },
    { output_type: "display_data", data: { "image/png": 'x" onerror="alert(1)' } },
  ]
  const [cell] = cellsOf(notebook({ cell_type: "code", source: "", outputs })) ?? []
  expect(cell?.outputs.map((output) => output.kind)).toEqual(["hidden", "hidden", "hidden"])
})

test("what is no notebook is none", () => {
  expect(cellsOf("no json")).toBeNull()
  expect(cellsOf("[]")).toBeNull()
  expect(cellsOf('{"cells": 3}')).toBeNull()
  expect(cellsOf('{"cells": [null, 3]}')).toHaveLength(2)
})
