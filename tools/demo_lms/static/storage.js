// Keeps small data for tools, apart by their origin, and tells which messages are understood.
const settings = document.currentScript.dataset
const kept = new Map()
window.heard = []

window.addEventListener('message', (event) => {
  const { subject, message_id, key, value } = event.data ?? {}
  if (typeof subject !== 'string' || !subject.startsWith('lti.') || !message_id) return
  window.heard.push({ subject, key, origin: event.origin })
  if (settings.answers !== 'True') return
  const place = `${event.origin} ${key}`
  const answer = { subject: `${subject}.response`, message_id }
  if (subject === 'lti.capabilities') {
    const frame = settings.frame
    answer.supported_messages = ['lti.put_data', 'lti.get_data'].map((one) => ({ subject: one, frame }))
  } else if (settings.elsewhere) {
    return
  } else if (subject === 'lti.put_data') {
    kept.set(place, value)
    Object.assign(answer, { key, value })
  } else if (subject === 'lti.get_data') {
    Object.assign(answer, { key, value: kept.get(place) ?? null })
  } else {
    answer.error = { code: 'unsupported_subject', message: subject }
  }
  event.source.postMessage(answer, event.origin)
})
