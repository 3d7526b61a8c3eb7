// What the server will ask for, asked at once: without signal nobody else would. The server checks again.
import { words } from "../words.js"

export function faults(form) {
  const wrong = {}
  for (const box of form.querySelectorAll("[data-item]")) {
    const fault = lacks(box, form)
    if (fault) wrong[box.dataset.item] = fault
  }
  return wrong
}

function lacks(box, form) {
  const radios = [...box.querySelectorAll("input[type=radio]")], picked = radios.find(radio => radio.checked)
  const required = box.dataset.required === "1"
  if (radios.length) {
    if (!picked) return required ? words().pickOne : ""
    const bad = picked.value === "bad" || picked.closest("[data-bad]"), asks = box.dataset.asks || ""
    if (bad && asks.includes("words") && !box.querySelector("textarea")?.value.trim()) return words().sayWhat
    if (bad && asks.includes("photo") && !box.querySelector("input[type=file]")?.files.length) return words().takePhoto
    return ""
  }
  if (!required) return ""
  const boxes = [...box.querySelectorAll("input[type=checkbox]")]
  if (boxes.length) return boxes.every(one => one.checked) ? "" : words().askEach
  const file = box.querySelector("input[type=file]")
  if (file) return file.files.length || box.dataset.item === "photos" && form.querySelector("input[type=file]:not([name=photos])") && anyPhoto(form) ? "" : words().takePhoto
  const field = box.querySelector("input:not([type=file]), textarea")
  return field && !field.value.trim() ? (box.querySelector("canvas") ? words().sign : words().fillIn) : ""
}

const anyPhoto = form => [...form.querySelectorAll("input[type=file]")].some(input => input.files.length)

export function show(form, wrong) {
  form.querySelectorAll("[data-error]").forEach(line => { line.textContent = wrong[line.dataset.error] || "" })
  form.querySelectorAll("[data-item]").forEach(box => box.toggleAttribute("data-wrong", box.dataset.item in wrong))
  form.querySelector("[data-wrong]")?.scrollIntoView({ block: "center" })
}
