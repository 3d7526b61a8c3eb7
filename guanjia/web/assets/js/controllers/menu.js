// Menus are <details>; one open at a time, closed by Escape, a click elsewhere or a choice.
document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const chosen = event.target.closest("details.menu > div a, details.menu > div button")
    if (!menu.contains(event.target) || chosen) menu.open = false
  }
})
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return
  const menu = document.activeElement?.closest("details.menu[open]") || document.querySelector("details.menu[open]")
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})
