// What our own pages do in the browser while a launch is under way: keep the login's secret in the
// platform's storage, ask for it again, or look whether there is any storage at all.
// Messages go to the platform's own origin and are believed from that origin only.
;(async () => {
  const WAIT = 1000
  const task = document.getElementById("task")?.dataset
  const home = window.parent !== window ? window.parent : window.opener

  function frameNamed(name) {
    if (!home || name === "_parent") return home
    try {
      return home.frames[name] ?? null
    } catch {
      return null
    }
  }

  function ask(frame, subject, more) {
    return new Promise((resolve) => {
      const message_id = crypto.randomUUID()
      const done = (answer) => {
        removeEventListener("message", hear)
        clearTimeout(timer)
        resolve(answer)
      }
      const hear = ({ origin, data }) => {
        if (origin !== task.origin || typeof data !== "object" || data === null) return
        if (data.subject !== `${subject}.response` || data.message_id !== message_id) return
        done(data.error ? null : data)
      }
      const timer = setTimeout(done, WAIT, null)
      addEventListener("message", hear)
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
    const said = frame ? await ask(frame, "lti.get_data", { key: task.key }) : null
    form.elements.storage_proof.value = typeof said?.value === "string" ? said.value : ""
    const again = document.getElementById("again")
    if (again && home) {
      const offer = await ask(home, "lti.capabilities", {})
      const messages = Array.isArray(offer?.supported_messages) ? offer.supported_messages : []
      const put = messages.find((message) => message?.subject === "lti.put_data")
      if (put) {
        again.elements.lti_storage_target.value = put.frame || "_parent"
        return submit(again)
      }
    }
    submit(form)
  }

  // On a refusal: the same activity here, if the browser's own question is answered with yes.
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
