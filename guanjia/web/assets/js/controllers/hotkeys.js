// data-hotkey="/": focuses a field, clicks anything else. Silent while typing.
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog:modal")) return
  const element = [...document.querySelectorAll("[data-hotkey]")].find(one => one.dataset.hotkey === event.key && one.offsetParent)
  if (!element) return
  event.preventDefault()
  if (element.matches("input, textarea")) element.select()
  else element.click()
})
