// What this device keeps (IndexedDB): drafts by person and task, and finished records until the house has them.
let opened

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("guanjia", 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("drafts")
      asked.result.createObjectStore("records", { keyPath: "client_id" })
    }
    asked.onsuccess = () => { asked.result.onclose = () => { opened = null }; done(asked.result) }
    asked.onerror = () => { opened = null; fail(asked.error) }
  })
  return opened
}

// Resolves when it is on the disk; a full disk rejects (QuotaExceededError) and changes nothing.
async function within(store, mode, act) {
  const base = await open()
  return new Promise((done, fail) => {
    const transaction = base.transaction(store, mode)
    const asked = act(transaction.objectStore(store))
    transaction.oncomplete = () => done(asked?.result)
    transaction.onabort = transaction.onerror = () => fail(transaction.error || asked?.error)
  })
}

export const get = (store, key) => within(store, "readonly", rows => rows.get(key))
export const all = store => within(store, "readonly", rows => rows.getAll())
export const put = (store, value, key) => within(store, "readwrite", rows => rows.put(value, key))
export const drop = (store, key) => within(store, "readwrite", rows => rows.delete(key))
export const isFull = error => error?.name === "QuotaExceededError"
