// `arrive(selector, fn)` runs fn once for each matching element, now or whenever htmx brings one.
const known = []

export function arrive(selector, fn) {
  known.push({ selector, fn, met: new WeakSet() })
}

// Whether a form was accepted. htmx calls 409 and 422 successful, because they are swapped; 0 is no network.
export const taken = ({ status }) => status >= 200 && status < 400

export function arrivals(root = document) {
  for (const { selector, fn, met } of known) {
    const found = [...root.querySelectorAll(selector)]
    if (root.matches?.(selector)) found.unshift(root)
    for (const element of found) {
      if (met.has(element)) continue
      met.add(element)
      fn(element)
    }
  }
}

document.addEventListener("htmx:load", event => arrivals(event.detail.elt))
document.addEventListener("htmx:oobAfterSwap", event => arrivals(event.detail.target))
