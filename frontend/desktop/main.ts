/** One desktop in a tab: connects, shows it, and says in words when it cannot. */
import RFB from "@novnc/novnc"
import { closePanel, offerActs } from "./bar"
import { parts, say, speak } from "./parts"
import { type End, endOf, words } from "./words"

function connect(): void {
  say(words.connecting)
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/_desktop`)
  let wasOpen = false
  let isRefused = false
  socket.addEventListener("close", ({ code, reason }) => {
    const why = isRefused ? "refused" : endOf(code, reason)
    // After noVNC has heard it, which then still writes on the screen.
    setTimeout(() => void ended(why, wasOpen))
  })
  const desktop = new RFB(parts.screen, socket, { shared: true })
  desktop.background = "transparent"
  // The screen takes this tab's size; where the server cannot, or another tab chose last, it scales.
  desktop.resizeSession = true
  desktop.scaleViewport = true
  desktop.addEventListener("connect", () => {
    wasOpen = true
    say(words.connected, { quiet: true })
    const canvas = parts.screen.querySelector("canvas")
    canvas?.setAttribute("tabindex", "0")
    canvas?.setAttribute("role", "application")
    canvas?.setAttribute("aria-label", words.screen)
    canvas?.setAttribute("aria-describedby", "hint")
    desktop.focus()
  })
  desktop.addEventListener("credentialsrequired", ({ detail }) => ask(desktop, detail.types))
  desktop.addEventListener("securityfailure", () => {
    isRefused = true
  })
  // The way to the server is the platform's own; there is nobody on it to compare a key with.
  desktop.addEventListener("serververification", () => desktop.approveServer())
  offerActs(desktop)
}

function ask(desktop: RFB, types: readonly string[]): void {
  parts.nameField.hidden = !types.includes("username")
  say(words.asks, { form: true })
  parts.form.onsubmit = (event) => {
    event.preventDefault()
    say(words.connecting)
    desktop.sendCredentials({
      username: parts.name.value,
      password: parts.secret.value,
      target: "",
    })
    parts.secret.value = ""
  }
  const first = parts.nameField.hidden ? parts.secret : parts.name
  first.focus()
}

/** It is over. Where the platform has a page for what happened, that page says it, and waits. */
async function ended(why: End, wasOpen: boolean): Promise<void> {
  parts.screen.replaceChildren()
  closePanel()
  const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null)
  if (answer && (!answer.ok || (why === "ended" && wasOpen))) {
    location.reload()
    return
  }
  const course = answer?.headers.get("X-MyDocker-Window")
  parts.course.hidden = !course
  if (course) parts.course.href = course
  say(words.end[why], { onward: true })
  parts.again.focus()
}

parts.again.onclick = () => location.reload()
speak()
connect()
