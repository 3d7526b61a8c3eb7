// [data-outbox]: what this device keeps and the house does not have yet, and what became of it. Sends on load, when the
// signal returns and when the page is seen again.
import { arrive } from "../arrivals.js"
import { deliver, tell } from "../field/sending.js"
import { all, drop, get, put } from "../field/store.js"
import { say, words } from "../words.js"
import { later } from "./record.js"
import { toast } from "./toast.js"

arrive("[data-outbox]", box => {
  const me = box.dataset.person, list = box.querySelector("[data-outbox-list]"), mould = box.querySelector("template")

  async function draw() {
    const rows = await all("records").catch(() => [])
    const mine = rows.filter(row => String(row.person) === me), others = rows.length - mine.length
    list.replaceChildren(...mine.map(line), ...others ? [note(say("othersKept", others))] : [])
    box.hidden = !rows.length
    for (const mark of document.querySelectorAll("[data-task] [data-kept]")) mark.hidden = !mine.some(row => row.task === mark.closest("[data-task]").dataset.task)
    box.dataset.count = mine.length
  }

  function line(row) {
    const item = mould.content.firstElementChild.cloneNode(true), find = name => item.querySelector(`[data-${name}]`)
    item.dataset.record = row.client_id
    item.dataset.state = row.state
    find("title").textContent = row.title
    const time = new Date(row.done_at).toTimeString().slice(0, 5)
    find("words").textContent = row.state === "waiting" ? (row.asleep ? words().signIn : say("keptAt", time)) : row.words || words().goneTask
    find("beside").hidden = row.state !== "conflict" || row.code === "gone"
    find("drop").hidden = row.state === "waiting"
    find("sign-in").hidden = !row.asleep
    find("open").hidden = row.state !== "refused"
    find("open").href = row.page
    find("sign-in").href = `/sign-in/?way=staff&next=${encodeURIComponent(location.pathname)}`
    return item
  }
  const note = text => Object.assign(document.createElement("li"), { className: "kept quiet small", textContent: text })

  list.addEventListener("click", async event => {
    const button = event.target.closest("button, [data-open]"), id = button?.closest("[data-record]")?.dataset.record
    if (!id || event.defaultPrevented) return
    if (button.matches("[data-open]")) { // back into its form, as a draft
      event.preventDefault()
      const { client_id, began_at, entries, person, task } = await get("records", id)
      await put("drafts", { client_id, began_at, entries }, `${person}:${task}`)
      await drop("records", id)
      return location.assign(button.href)
    }
    if (button.matches("[data-drop]")) await drop("records", id)
    if (button.matches("[data-beside]")) {
      await put("records", { ...await get("records", id), state: "waiting", beside: true })
      await send()
    }
    tell()
  })
  box.querySelector("[data-send-all]").addEventListener("click", send)
  addEventListener("records", draw)
  draw()
})

async function send() {
  const before = (await all("records").catch(() => [])).length
  if (!before) return
  await deliver().catch(() => {})
  const left = (await all("records")).length
  if (left < before) toast(say("sentSome", before - left))
  if (left) later()
}

addEventListener("online", async () => {
  await send()
  const isKept = document.documentElement.hasAttribute("data-kept") // a page of some time ago: look anew, unless it is being filled in
  if (isKept && !document.querySelector("form[data-record]:not([hidden])")) location.reload()
})
document.addEventListener("visibilitychange", () => document.hidden || send())
if (document.querySelector("[data-outbox]")) send()
const said = sessionStorage.getItem("toast")
if (said) { sessionStorage.removeItem("toast"); toast(said) }
