// form[data-record]: the record of a task. What is typed and photographed stays on the device until the house has it:
// a draft while it is filled in, then a record that is sent now, or when the signal returns.
import { arrive } from "../arrivals.js"
import { faults, show } from "../field/checking.js"
import { deliver, direct, tell } from "../field/sending.js"
import { all, drop, get, isFull, put } from "../field/store.js"
import { words } from "../words.js"
import { toast } from "./toast.js"

const OURS = new Set(["csrfmiddlewaretoken", "client_id"])
export const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16))

arrive("form[data-record]", async form => {
  const key = `${form.dataset.person}:${form.dataset.record}`
  const draft = { client_id: uuid(), began_at: new Date().toISOString(), entries: [] }
  let timer, busy = false
  form.addEventListener("submit", event => { event.preventDefault(); event.stopPropagation(); finish() })
  for (const kind of ["input", "change", "photos"]) form.addEventListener(kind, () => { clearTimeout(timer); timer = setTimeout(keep, 250) })
  form.querySelector("[data-all-good]")?.addEventListener("click", () => {
    for (const good of form.querySelectorAll(".verdict input[value=ok]")) if (!form.querySelector(`[name="${good.name}"]:checked`)) good.checked = true
    keep()
  })
  await restore().catch(() => {})
  form.dataset.restored = ""
  position(form)

  async function keep() {
    draft.entries = entries(form)
    const slim = { ...draft, entries: draft.entries.filter(([, value]) => typeof value === "string") }
    try { await put("drafts", draft, key) } catch (error) {
      if (isFull(error)) { toast(words().fullDraft, "bad"); await put("drafts", slim, key).catch(() => {}) }
    }
    form.dataset.keptAt = Date.now()
  }

  async function restore() {
    if ((await all("records")).some(row => row.task === form.dataset.record && String(row.person) === form.dataset.person && row.state !== "refused")) return waiting(form)
    const kept = await get("drafts", key)
    if (!kept) return
    Object.assign(draft, kept)
    fill(form, kept.entries)
  }

  async function finish() {
    if (busy) return
    const wrong = faults(form)
    show(form, wrong)
    if (Object.keys(wrong).length) return
    busy = true
    form.querySelector("[type=submit]:not([hidden])")?.setAttribute("aria-busy", "true")
    await send().finally(() => { busy = false; form.querySelectorAll("[aria-busy=true]").forEach(button => button.removeAttribute("aria-busy")) })
  }

  async function send() {
    clearTimeout(timer)
    const { person, estate, record: task, title, home, sending } = form.dataset
    const record = {
      client_id: draft.client_id, began_at: draft.began_at, done_at: new Date().toISOString(), kept_at: Date.now(), person, estate, task, title, home, sending,
      page: location.pathname, action: new URL(form.action).pathname, entries: entries(form), offline: !navigator.onLine, state: "waiting",
    }
    try { await put("records", record) } catch (error) { // nothing was kept: the form stays as it is
      const became = isFull(error) ? await direct(record) : { state: "failed" }
      if (became.state === "sent") return done(record, became)
      show(form, became.items || {})
      return say(form, became.words || { full: words().full, sign_in: words().signIn }[became.state] || words().failed, "bad")
    }
    navigator.storage?.persist?.() // the browser asks before it throws such things away
    await drop("drafts", key).catch(() => {})
    later()
    done(record, await deliver(record.client_id) || { state: await get("records", record.client_id) ? "offline" : "sent" })
  }

  async function done(record, became) {
    if (became.state === "sent") {
      sessionStorage.setItem("toast", became.late ? words().doneLate : words().done)
      return location.assign(record.home)
    }
    if (became.state === "refused") { // back into the form, with what is wrong beside the items
      await put("drafts", { ...draft, entries: record.entries }, key).catch(() => {})
      await drop("records", record.client_id)
      tell()
      say(form, became.words, "bad")
      return show(form, became.items || {})
    }
    waiting(form)
  }
})

// A browser that can sends by itself, even when the page is closed.
export const later = () => navigator.serviceWorker?.ready.then(worker => worker.sync?.register("records")).catch(() => {})

function waiting(form) {
  form.hidden = true
  document.querySelector(`[data-task-kept="${form.dataset.record}"]`)?.removeAttribute("hidden")
  scrollTo(0, 0)
}

function say(form, text, tone) {
  const box = form.querySelector("[data-said]")
  Object.assign(box, { hidden: !text, textContent: text || "", className: "callout" })
  box.dataset.tone = tone
  if (text) box.scrollIntoView({ block: "center" })
}

function entries(form) {
  return [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && (typeof value === "string" || value.size)).map(([name, value]) =>
    typeof value === "string" ? [name, value] : [name, value, /^[0-9a-f-]{36}\./.test(value.name) ? value.name : `${uuid()}.${value.name.split(".").pop() || "jpg"}`])
}

function fill(form, kept) {
  const photos = {}
  for (const [name, value, file] of kept) {
    if (file) { (photos[name] ??= []).push(new File([value], file, { type: value.type })); continue }
    const found = [...form.elements].filter(field => field.name === name && field.type !== "file")
    const pick = found.find(field => (field.type === "radio" || field.type === "checkbox") && field.value === value)
    if (pick) pick.checked = true
    else if (found.length === 1 && found[0].type !== "radio" && found[0].type !== "checkbox" && !found[0].value) found[0].value = value
  }
  for (const [name, files] of Object.entries(photos)) {
    const input = form.querySelector(`input[type=file][name="${name}"]`), all = new DataTransfer()
    files.forEach(file => all.items.add(file))
    if (input) { input.files = all.files; input.dispatchEvent(new Event("change")) }
  }
}

function position(form) {
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    const set = (name, value) => { if (form.elements[name]) form.elements[name].value = value }
    set("latitude", coords.latitude.toFixed(6))
    set("longitude", coords.longitude.toFixed(6))
    set("accuracy", Math.round(coords.accuracy))
  }, () => {}, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 })
}
