/** English texts of desktops in the browser: the card, and the page itself. */

export const desktopEn = {
  client: "With a VNC client of your own",
  clientPassword: "The password is the one of your environment.",
  page: {
    title: "Desktop",
    hint: "Ctrl + Alt + Shift leaves the desktop for these buttons.",
    clipboard: "Clipboard",
    keys: "Ctrl + Alt + Del",
    full: "Full screen",
    screen: "Screen of the desktop",
    clipboardLabel: "Text for the desktop, or copied in it",
    clipboardSend: "Send to the desktop",
    clipboardSent: "Sent. Paste it in the desktop.",
    clipboardCame: "Copied in the desktop.",
    connecting: "Connecting to your desktop…",
    connected: "Your desktop is open.",
    asks: "Your desktop asks for a password.",
    passwordNote: "It is the one you have set, or the one shown in your course.",
    username: "User name",
    password: "Password",
    connect: "Connect",
    again: "Connect again",
    course: "My course",
    end: {
      refused: "Your desktop has refused to open. Check the password, then connect again.",
      silent:
        "Your environment runs, but its desktop does not answer. Connect again in a moment. If it stays so, restart the environment from your course.",
      crowded: "This desktop is open too many times. Close another tab of it, then connect again.",
      away: "The platform is restarting; your environment goes on. Connect again in a few seconds.",
      idle: "Nothing happened here for a long time. Your environment goes on.",
      ended: "Your desktop is no longer there. Open it again from your course.",
      lost: "The connection was lost; your desktop goes on. Connect again.",
    },
  },
}
