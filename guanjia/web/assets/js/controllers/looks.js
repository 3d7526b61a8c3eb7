// Theme and size show at once; the cookie is the server's affair and follows without a reload.
import { arrive } from "../arrivals.js"

const QUIET = { theme: "auto", type: "normal" }

arrive("form[data-looks]", form => {
  form.addEventListener("submit", event => {
    const { name, value } = event.submitter || {}
    if (!(name in QUIET)) return
    event.preventDefault()
    if (value === QUIET[name]) delete document.documentElement.dataset[name]
    else document.documentElement.dataset[name] = value
    press(name, value)
    const body = new FormData(form)
    body.set(name, value)
    fetch(form.action, { method: "POST", body, redirect: "manual" })
  })
})

function press(name, value) {
  for (const button of document.querySelectorAll(`form[data-looks] [name="${name}"]`)) {
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.value === value))
    else button.form.dataset.stale = ""
  }
}
