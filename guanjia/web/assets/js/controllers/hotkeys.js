// data-hotkey="/": focuses a field, clicks anything else. Silent while typing, except for F2 … F10.
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const typing = event.target.closest("input, textarea, select, [contenteditable]") && !/^F\d+$/.test(event.key)
  if (typing || document.querySelector("dialog:modal")) return
  const element = [...document.querySelectorAll("[data-hotkey]")].find(one => one.dataset.hotkey === event.key && one.offsetParent)
  if (!element) return
  event.preventDefault()
  if (element.matches("input, textarea")) element.select()
  else element.click()
})
