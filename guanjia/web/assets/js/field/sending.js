// Sends what the device kept, each record once: the same id is the same record however often it is sent. Runs in pages
// and in the service worker. A record leaves the device when the house has it, or when a person drops it.
import { all, drop, get, put } from "./store.js"

const heard = "BroadcastChannel" in self ? new BroadcastChannel("guanjia-records") : null
export const tell = () => { heard?.postMessage("changed"); if (self.document) dispatchEvent(new Event("records")) }
if (heard && self.document) heard.onmessage = () => dispatchEvent(new Event("records"))

// One at a time, over all pages and the worker.
export function deliver(only) {
  const run = () => each(only)
  return self.navigator.locks ? navigator.locks.request("guanjia-records", run) : run()
}

async function each(only) {
  const asked = {}
  let last = null
  for (const { client_id } of (await all("records")).sort((one, other) => one.kept_at - other.kept_at)) {
    if (only && client_id !== only) continue
    const record = await get("records", client_id) // another page may have sent it meanwhile
    if (!record || record.state !== "waiting") continue
    last = await one(record, asked)
    if (last.state === "offline") break
  }
  tell()
  return last
}

// What became of a record: sent, offline, sign_in, other (somebody else is signed in), conflict, refused.
async function one(record, asked) {
  try {
    const who = asked[record.sending] ??= await whoIs(record.sending)
    if (!who) return note(record, "sign_in")
    if (String(who.person) !== String(record.person)) return { state: "other" }
    return await judge(record, await post(record, who.token))
  } catch {
    if (!record.offline) await put("records", { ...record, offline: true }).catch(() => {})
    return { state: "offline" }
  }
}

async function whoIs(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" })
  if (answer.status >= 500) throw new Error("away")
  return answer.ok ? answer.json() : null
}

export function post(record, token) {
  const body = new FormData()
  for (const [name, value, file] of record.entries) file ? body.append(name, value, file) : body.append(name, value)
  const more = { csrfmiddlewaretoken: token, person: record.person, client_id: record.client_id, began_at: record.began_at, done_at: record.done_at, sent_at: new Date().toISOString() }
  for (const [name, value] of Object.entries(more)) body.set(name, value)
  if (record.offline) body.set("offline", "1")
  if (record.beside) body.set("beside", "1")
  return fetch(record.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" })
}

async function judge(record, answer) {
  if (answer.status >= 500 || answer.status === 429) throw new Error("away")
  if (answer.ok) {
    await drop("records", record.client_id)
    return { state: "sent", ...await answer.json() }
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) return note(record, "sign_in")
  const said = await answer.json().catch(() => ({ code: "gone" }))
  if (said.code === "other_person") return { state: "other" }
  return note(record, answer.status === 422 ? "refused" : "conflict", said)
}

// A device that is full keeps nothing: with a signal the record goes straight to the house.
export async function direct(record) {
  try {
    const who = await whoIs(record.sending)
    if (!who || String(who.person) !== String(record.person)) return { state: "sign_in" }
    const answer = await post(record, who.token)
    const said = await answer.json().catch(() => ({}))
    return answer.ok ? { state: "sent", ...said } : { state: "refused", ...said }
  } catch {
    return { state: "full" }
  }
}

// Signing in again is enough for the first; the others wait for a person.
async function note(record, state, said = {}) {
  await put("records", { ...record, ...said, state: state === "sign_in" ? "waiting" : state, asleep: state === "sign_in" })
  return { state, ...said }
}
