// The pages' scripts. Pages work without them; each controller is one file below 60 lines.
import Alpine from "@alpinejs/csp"
import htmx from "htmx.org"
import { Idiomorph } from "idiomorph"
import { arrivals } from "./arrivals.js"
import "./controllers/autosubmit.js"
import "./controllers/confirm.js"
import "./controllers/copy.js"
import "./controllers/dialog.js"
import "./controllers/draft.js"
import "./controllers/due.js"
import "./controllers/hotkeys.js"
import "./controllers/install.js"
import "./controllers/lightbox.js"
import "./controllers/looks.js"
import "./controllers/menu.js"
import "./controllers/network.js"
import "./controllers/once.js"
import "./controllers/outbox.js"
import "./controllers/photos.js"
import "./controllers/plan.js"
import "./controllers/poll.js"
import "./controllers/position.js"
import "./controllers/push.js"
import "./controllers/record.js"
import "./controllers/scan.js"
import "./controllers/signature.js"
import "./controllers/tabs.js"
import "./controllers/toast.js"
import "./controllers/typed.js"
import "./controllers/worker.js"

htmx.defineExtension("morph", {
  isInlineSwap: style => style.startsWith("morph"),
  handleSwap: (style, target, fragment) => {
    if (!style.startsWith("morph")) return false
    const morphStyle = style.endsWith("innerHTML") ? "innerHTML" : "outerHTML"
    return Idiomorph.morph(target, morphStyle === "innerHTML" ? fragment : fragment.children, {
      morphStyle, ignoreActiveValue: true,
      callbacks: { beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS") },  // what a reader opened stays open
    })
  },
})

window.htmx = htmx
window.Alpine = Alpine
Alpine.start()
arrivals()

// Until this mark stands the browser alone sends forms; browser tests wait for it. htmx binds at DOMContentLoaded.
const ready = () => { document.documentElement.dataset.ready = "" }
if (document.readyState === "complete") ready()
else document.addEventListener("DOMContentLoaded", ready)
