import { arrive } from "../arrivals.js"

arrive("form[data-autosubmit]", form => {
  form.addEventListener("change", event => event.target.type !== "search" && form.requestSubmit())
})
