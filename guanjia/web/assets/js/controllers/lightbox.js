// Photos in a [data-lightbox] open large; arrows and swipes move. Without script the link shows the picture.
import { words } from "../words.js"

let box, links, at

function build() {
  box = document.createElement("dialog")
  box.className = "lightbox"
  box.innerHTML = `<header><span></span><button type="button">✕</button></header><img alt=""><footer><button type="button" data-step="-1">‹</button><span></span><button type="button" data-step="1">›</button></footer>`
  box.querySelector("header button").setAttribute("aria-label", words().close)
  box.addEventListener("click", event => {
    const step = event.target.closest("[data-step]")
    if (step) show(at + Number(step.dataset.step))
    else if (event.target.closest("header button") || event.target.tagName !== "IMG") box.close()
  })
  box.addEventListener("keydown", event => {
    if (event.key === "ArrowLeft") show(at - 1)
    if (event.key === "ArrowRight") show(at + 1)
  })
  let from
  box.addEventListener("pointerdown", event => { from = event.clientX })
  box.addEventListener("pointerup", event => Math.abs(event.clientX - from) > 50 && show(at + (event.clientX < from ? 1 : -1)))
  document.body.append(box)
}

function show(index) {
  at = (index + links.length) % links.length
  const [says, count] = box.querySelectorAll("span")
  Object.assign(box.querySelector("img"), { src: links[at].href, alt: links[at].dataset.says })
  says.textContent = links[at].dataset.says
  count.textContent = `${at + 1} / ${links.length}`
}

document.addEventListener("click", event => {
  const link = event.target.closest("[data-lightbox] a")
  if (!link || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  if (!box?.isConnected) build()
  links = [...link.closest("[data-lightbox]").querySelectorAll("a")]
  show(links.indexOf(link))
  box.showModal()
})
