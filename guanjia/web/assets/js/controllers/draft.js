// data-draft="key": what was typed and not sent is kept on this device and put back. Passwords and files never.
import { arrive, taken } from "../arrivals.js"
import { words } from "../words.js"

const SKIP = new Set(["password", "file", "hidden", "submit", "button"])
const place = form => `draft:${location.pathname}:${form.dataset.draft}`
const fields = form => [...form.elements].filter(field => field.name && !SKIP.has(field.type))
const isPick = field => field.type === "checkbox" || field.type === "radio"

arrive("form[data-draft]", form => {
  const answered = form.querySelector("[aria-invalid='true'], .form-errors")
  if (!answered) restore(form)
  form.addEventListener("input", () => keep(form))
  form.addEventListener("change", () => keep(form))
  form.addEventListener("submit", () => sessionStorage.setItem(place(form), "sent"))
  form.addEventListener("htmx:afterRequest", event => event.detail.elt === form && (taken(event.detail.xhr) ? forget(form) : sessionStorage.removeItem(place(form))))
})

// A full-page post that succeeded lands on a page without the form: forget what was sent from the page before.
for (const key of Object.keys(sessionStorage).filter(key => key.startsWith("draft:"))) {
  const stillHere = [...document.querySelectorAll("form[data-draft]")].some(form => place(form) === key)
  if (!stillHere) localStorage.removeItem(key)
  sessionStorage.removeItem(key)
}

function keep(form) {
  const values = fields(form).map(field => [field.name, field.value, isPick(field) ? field.checked : null])
  try { localStorage.setItem(place(form), JSON.stringify(values)) } catch { /* full or private: go on without */ }
}

function forget(form) {
  localStorage.removeItem(place(form))
  form.querySelector(".draft")?.remove()
}

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(place(form)) || "null")
  if (!kept) return
  for (const [name, value, picked] of kept) {
    const field = fields(form).find(one => one.name === name && (picked === null || one.value === value))
    if (field && picked !== null) field.checked = picked
    else if (field && !field.value) field.value = value
  }
  const note = Object.assign(document.createElement("p"), { className: "draft", textContent: words().draft })
  const clear = Object.assign(document.createElement("button"), { type: "button", textContent: words().discard })
  clear.addEventListener("click", () => { form.reset(); forget(form) })
  note.append(clear)
  form.prepend(note)
}
