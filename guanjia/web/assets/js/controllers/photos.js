// [data-photos]: previews, removal, at most data-max; shrinks to 1600 px JPEG so that a weak signal suffices.
import { arrive, taken } from "../arrivals.js"
import { say, words } from "../words.js"

const SIDE = 1600
const QUALITY = 0.82
const KEPT = new Map() // by name and path: picks survive an answer that redraws the form

arrive("[data-photos]", box => {
  const input = box.querySelector("input[type=file]"), add = box.querySelector(".add"), error = box.querySelector(".error")
  const key = location.pathname + input.name, max = Number(box.dataset.max)
  const kept = KEPT.get(key) || []

  input.addEventListener("change", take)
  async function take() {
    const room = max - kept.length, picked = [...input.files]
    const photos = picked.filter(file => file.type.startsWith("image/") || !file.type)
    error.textContent = photos.length < picked.length ? words().notPhoto : photos.length > room ? say("tooMany", max) : ""
    busy(true)
    kept.push(...await Promise.all(photos.slice(0, room).map(shrink)))
    kept.splice(max) // two picks in flight
    busy(false)
    draw()
  }
  box.addEventListener("click", event => {
    const drop = event.target.closest(".drop")
    if (drop) kept.splice([...box.querySelectorAll(".picked")].indexOf(drop.parentElement), 1) && draw()
  })
  box.closest("form")?.addEventListener("htmx:afterRequest", event => event.detail.elt === event.currentTarget && taken(event.detail.xhr) && KEPT.delete(key))

  function busy(on) { // what is sent now would be the originals, without the earlier picks
    add.setAttribute("aria-busy", on)
    box.closest("form")?.querySelectorAll("button[type=submit]").forEach(button => { button.disabled = on })
  }
  function draw() {
    KEPT.set(key, kept)
    box.querySelectorAll(".picked").forEach(item => { URL.revokeObjectURL(item.firstChild.src); item.remove() })
    kept.forEach(file => add.before(preview(file)))
    const all = new DataTransfer()
    kept.forEach(file => all.items.add(file))
    input.files = all.files
    box.toggleAttribute("data-full", kept.length >= max)
    box.dispatchEvent(new CustomEvent("photos", { bubbles: true }))
  }
  if (kept.length) draw()
  else if (input.files.length) take() // picked before this script came, or put back by the browser
})

function preview(file) {
  const item = Object.assign(document.createElement("li"), { className: "picked" })
  const image = Object.assign(new Image(), { src: URL.createObjectURL(file), alt: file.name })
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "drop", textContent: "✕" })
  drop.setAttribute("aria-label", words().remove)
  item.append(image, drop)
  return item
}

async function shrink(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" })
    const scale = Math.min(1, SIDE / Math.max(image.width, image.height))
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(image.width * scale), height: Math.round(image.height * scale) })
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", QUALITY))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file
  } catch {
    return file // a format this browser cannot draw (HEIC): the server decides
  }
}
