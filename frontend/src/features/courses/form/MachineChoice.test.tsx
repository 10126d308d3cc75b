/** A teacher reads how far the machines they choose let programs reach. */
import { MantineProvider } from "@mantine/core"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { getResponse } from "msw"
import { useState } from "react"
import { beforeAll, describe, expect, it } from "vitest"
import type { Pool } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { MachineChoice } from "./MachineChoice"

let pools: Pool[] = []

beforeAll(async () => {
  Element.prototype.scrollIntoView = () => {} // jsdom has none
  const request = new Request(new URL("/api/pool-choices", location.href))
  pools = await (await getResponse(handlers, request))?.json()
  await startI18n()
})

function Choosing({ among }: { among: Pool[] }) {
  const [name, choose] = useState<string | null>(null)
  const pool = among.find((choice) => choice.name === (name ?? "default")) as Pool
  return <MachineChoice value={name} pools={among} pool={pool} error={null} onChange={choose} />
}

function open(among: Pool[]) {
  render(
    <MantineProvider theme={theme} env="test">
      <Choosing among={among} />
    </MantineProvider>,
  )
}

const said = () => screen.getByRole("status").textContent

describe("the machines of a course", () => {
  it("say how far each reaches, before and after one is chosen by keyboard", async () => {
    open(pools)
    expect(said()).toContain("Programs reach the Internet.")
    await userEvent.tab()
    await userEvent.keyboard("{ArrowDown}")
    await screen.findByRole("option", { name: /^A40.*Nothing/ })
    await userEvent.keyboard("{ArrowDown}{Enter}")
    expect(said()).toContain("All they need must be in the image.")
  })

  it("say it too where there is nothing to choose", () => {
    open(pools.slice(0, 1))
    expect(screen.queryByRole("combobox")).toBeNull()
    expect(said()).toContain("Programs reach the Internet.")
  })
})
