/** What we use of noVNC, which brings no types. */
declare module "@novnc/novnc" {
  type Credentials = { username?: string; password?: string; target?: string }
  type Events = {
    connect: CustomEvent<unknown>
    credentialsrequired: CustomEvent<{ types: (keyof Credentials)[] }>
    securityfailure: CustomEvent<{ status: number; reason?: string }>
    serververification: CustomEvent<unknown>
    clipboard: CustomEvent<{ text: string }>
  }

  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket, options?: { shared?: boolean })
    resizeSession: boolean
    scaleViewport: boolean
    background: string
    addEventListener<N extends keyof Events>(name: N, heard: (event: Events[N]) => void): void
    approveServer(): void
    clipboardPasteFrom(text: string): void
    focus(): void
    sendCredentials(credentials: Credentials): void
    sendCtrlAltDel(): void
  }
}
