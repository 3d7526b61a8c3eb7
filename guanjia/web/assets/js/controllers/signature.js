// [data-signature]: finger, pen or mouse on a canvas; the hidden input carries a PNG data URL.
import { arrive } from "../arrivals.js"

arrive("[data-signature]", box => {
  const canvas = box.querySelector("canvas"), value = box.querySelector("input[type=hidden]"), pen = canvas.getContext("2d")
  let last = null

  function fit() {
    const ratio = devicePixelRatio || 1
    if (!canvas.clientWidth || canvas.width === Math.round(canvas.clientWidth * ratio)) return
    canvas.width = Math.round(canvas.clientWidth * ratio)
    canvas.height = Math.round(canvas.clientHeight * ratio)
    pen.scale(ratio, ratio)
    Object.assign(pen, { lineCap: "round", lineJoin: "round", strokeStyle: "#14212b" })
    if (value.value) redraw()
  }
  function redraw() {
    const image = new Image()
    image.onload = () => pen.drawImage(image, 0, 0, canvas.clientWidth, canvas.clientHeight)
    image.src = value.value
    box.setAttribute("data-signed", "")
  }
  const spot = event => ({ x: event.offsetX, y: event.offsetY })

  canvas.addEventListener("pointerdown", event => { fit(); canvas.setPointerCapture(event.pointerId); last = spot(event); box.setAttribute("data-signed", "") })
  canvas.addEventListener("pointermove", event => {
    if (!last) return
    for (const step of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const next = spot(step)
      pen.lineWidth = step.pressure && step.pointerType === "pen" ? 1 + step.pressure * 3 : 2.4
      pen.beginPath(); pen.moveTo(last.x, last.y); pen.lineTo(next.x, next.y); pen.stroke()
      last = next
    }
  })
  const lift = () => { if (last) value.value = canvas.toDataURL("image/png"); last = null }
  canvas.addEventListener("pointerup", lift)
  canvas.addEventListener("pointercancel", lift)
  box.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height)
    value.value = ""
    box.removeAttribute("data-signed")
  })
  new ResizeObserver(fit).observe(canvas)
})
