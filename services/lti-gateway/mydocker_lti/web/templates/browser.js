// Script of the pages of a launch: stores the login secret in the platform's page (LTI platform
// storage), reads it back, or asks the platform's page for its capabilities.
// Messages are sent to and accepted from the platform's origin only.
;(async () => {
  const WAIT = 1000
  const task = document.getElementById("task")?.dataset
  const platformWindow = window.parent !== window ? window.parent : window.opener

  function frameNamed(name) {
    if (!platformWindow || name === "_parent") return platformWindow
    try {
      return platformWindow.frames[name] ?? null
    } catch {
      return null
    }
  }

  function ask(frame, subject, more) {
    return new Promise((resolve) => {
      const message_id = crypto.randomUUID()
      const done = (answer) => {
        removeEventListener("message", onMessage)
        clearTimeout(timer)
        resolve(answer)
      }
      const onMessage = ({ origin, data }) => {
        if (origin !== task.origin || typeof data !== "object" || data === null) return
        if (data.subject !== `${subject}.response` || data.message_id !== message_id) return
        done(data.error ? null : data)
      }
      const timer = setTimeout(done, WAIT, null)
      addEventListener("message", onMessage)
      try {
        frame.postMessage({ subject, message_id, ...more }, task.origin)
      } catch {
        done(null)
      }
    })
  }

  async function storageAccessWasGiven() {
    try {
      const { state } = await navigator.permissions.query({ name: "storage-access" })
      if (state !== "granted") return false
      await document.requestStorageAccess()
      return true
    } catch {
      return false
    }
  }

  // A form field named `submit` would hide the method.
  const submit = (form) => HTMLFormElement.prototype.submit.call(form)

  async function keep() {
    const frame = frameNamed(task.frame)
    if (frame) await ask(frame, "lti.put_data", { key: task.key, value: task.value })
    location.replace(task.next)
  }

  async function prove() {
    const form = document.getElementById("answer")
    if (form.elements.storage_access.value === "" && (await storageAccessWasGiven())) {
      form.elements.storage_access.value = "1"
      form.elements.storage_proof.remove()
      return submit(form)
    }
    const frame = task.frame && frameNamed(task.frame)
    const stored = frame ? await ask(frame, "lti.get_data", { key: task.key }) : null
    form.elements.storage_proof.value = typeof stored?.value === "string" ? stored.value : ""
    const again = document.getElementById("again")
    if (again && platformWindow) {
      const capabilities = await ask(platformWindow, "lti.capabilities", {})
      const messages = Array.isArray(capabilities?.supported_messages) ? capabilities.supported_messages : []
      const put = messages.find((message) => message?.subject === "lti.put_data")
      if (put) {
        again.elements.lti_storage_target.value = put.frame || "_parent"
        return submit(again)
      }
    }
    submit(form)
  }

  // On a refusal page: opens the activity in this frame after the browser granted storage access.
  function offerStorageAccess() {
    const here = document.getElementById("here")
    if (!here || window.parent === window || !document.requestStorageAccess) return
    here.hidden = false
    here.addEventListener("click", async () => {
      try {
        await document.requestStorageAccess()
      } catch {
        here.hidden = true
        document.querySelector("form button")?.focus()
        return
      }
      const form = document.forms[0]
      form.target = "_self"
      submit(form)
    })
  }

  if (task?.task === "keep") await keep()
  else if (task?.task === "prove") await prove()
  else offerStorageAccess()
})()
