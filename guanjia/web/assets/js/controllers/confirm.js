// data-confirm="words" on a button: the browser's own question, also for htmx.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-confirm]")
  if (!button || window.confirm(button.dataset.confirm)) return
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)
