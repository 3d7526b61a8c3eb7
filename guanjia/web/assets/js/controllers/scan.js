// [data-scans]: reads a label's QR code with the camera, or from a picture. "mark" fills the form's field of that name (and with data-sends sends it),
// "go" opens what is to do where the label stands; without signal, the line of this page that fits it.
import { words } from "../words.js"

document.addEventListener("click", event => {
  const button = event.target.closest("[data-scans]")
  if (button) scan(button)
})

async function scan(button) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "scanner" })
  const video = Object.assign(document.createElement("video"), { playsInline: true, muted: true })
  const hint = Object.assign(document.createElement("p"), { textContent: words().aim })
  const file = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" })
  const pick = Object.assign(document.createElement("label"), { className: "btn", textContent: words().fromPicture })
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: words().close })
  file.setAttribute("capture", "environment")
  pick.append(file)
  const line = Object.assign(document.createElement("div"), { className: "line" })
  line.append(pick, close)
  dialog.append(video, hint, line)
  document.body.append(dialog)
  dialog.showModal()
  let stream = null
  const end = () => { stream?.getTracks().forEach(track => track.stop()); dialog.remove() }
  const found = text => { const mark = markOf(text); if (mark) { end(); take(button, mark) } else hint.textContent = words().notOurs }
  close.addEventListener("click", end)
  dialog.addEventListener("close", end)
  file.addEventListener("change", async () => {
    const text = await (await reader())(await createImageBitmap(file.files[0])).catch(() => "")
    text ? found(text) : (hint.textContent = words().noCode)
  })
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } })
    video.srcObject = stream
    await video.play()
    const read = await reader()
    while (dialog.isConnected) {
      const text = video.videoWidth ? await read(video).catch(() => "") : ""
      if (text && dialog.isConnected) found(text)
      await new Promise(done => setTimeout(done, 150))
    }
  } catch {
    video.remove() // no camera, or not allowed: a picture does it too
    hint.textContent = words().noCamera
  }
}

// The browser's own detector where there is one; else jsQR, brought only then (docs/decisions/0007-libraries.md).
let ready
function reader() {
  ready ??= (async () => {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] })
      return async source => (await detector.detect(source))[0]?.rawValue || ""
    }
    await import(document.querySelector("script[src*='built/app.js']").src.replace("app.js", "reader.js"))
    return async source => {
      const [width, height] = [source.videoWidth || source.width, source.videoHeight || source.height], scale = Math.min(1, 900 / Math.max(width, height))
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) })
      const pen = canvas.getContext("2d", { willReadFrequently: true })
      pen.drawImage(source, 0, 0, canvas.width, canvas.height)
      return window.readQr(pen.getImageData(0, 0, canvas.width, canvas.height))
    }
  })()
  return ready
}

const markOf = text => decodeURIComponent(/\/q\/([^/?#]+)/.exec(text)?.[1] || "") || (/^\d+-[uep]\d+\./.test(text) ? text : "")
const spotOf = mark => /-([uep]\d+)\./.exec(mark)?.[1] || ""

function take(button, mark) {
  if (button.dataset.scans === "go") {
    const line = document.querySelector(`[data-spots~="${spotOf(mark)}"] a[href]`)
    const address = `${location.pathname.split("/").slice(0, 3).join("/")}/q/${encodeURIComponent(mark)}/`
    return location.assign(!navigator.onLine && line ? `${line.pathname}?mark=${encodeURIComponent(mark)}` : address)
  }
  const form = button.closest("form"), spots = (button.dataset.spots || "").split(" ").filter(Boolean), said = form.querySelector("[data-scan-said]")
  const fits = !spots.length || spots.includes(spotOf(mark))
  form.elements.mark.value = mark
  form.elements.mark.dispatchEvent(new Event("change", { bubbles: true }))
  if (button.hasAttribute("data-sends")) return form.requestSubmit()
  if (said) Object.assign(said, { textContent: fits ? said.dataset.good : said.dataset.bad, className: fits ? "good" : "bad" })
}
