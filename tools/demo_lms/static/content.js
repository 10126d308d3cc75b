// The dialog in which the tool lets the teacher choose, and what comes back from it.
const get = (id) => document.getElementById(id)
const dialog = get('dialog')

get('select').addEventListener('click', () => {
  const frame = document.createElement('iframe')
  frame.title = get('dialog-title').textContent
  frame.src = `${dialog.dataset.launch}?tool=${encodeURIComponent(get('tool').value)}`
  get('frame-place').replaceChildren(frame)
  dialog.showModal()
})

get('close').addEventListener('click', () => dialog.close())
dialog.addEventListener('close', () => get('frame-place').replaceChildren())

window.addEventListener('message', (event) => {
  if (event.origin !== window.location.origin || event.data?.subject !== 'lms.content') return
  fill(event.data.items)
  dialog.close()
})

function fill(items) {
  const status = get('status')
  const several = items.length > 1
  get('items').value = JSON.stringify(items)
  get('save').disabled = items.length === 0
  get('single').hidden = several
  get('several').hidden = !several
  get('several').replaceChildren(
    ...items.map((item) => Object.assign(document.createElement('li'), { textContent: item.title })),
  )
  if (items.length === 0) {
    status.textContent = status.dataset.nothing
    return
  }
  const words = several ? status.dataset.several : status.dataset.chosen
  status.textContent = `${words} ${items.map((item) => item.title).join(', ')}`
  if (several) return
  const [item] = items
  get('title').value = item.title
  get('text').value = item.text
  const grade = get('grade')
  grade.textContent = item.maximum ? `${grade.dataset.graded} ${item.maximum}` : grade.dataset.plain
  get('save').focus()
}
