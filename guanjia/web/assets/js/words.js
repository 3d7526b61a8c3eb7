// Translated words come from the page as data.
let kept

export function words() {
  kept ??= JSON.parse(document.getElementById("words")?.textContent || "{}")
  return kept
}

export function say(key, values) {
  const text = words()[key] || ""
  if (values !== null && typeof values === "object") return text.replace(/%\((\w+)\)s/g, (_, name) => values[name])
  return text.replace("%s", values)
}

// How far this device's clock is behind the house's, in ms.
const isKept = document.documentElement.hasAttribute("data-kept") // shown without signal: it was written some time ago
const skew = words().now && !isKept ? Date.parse(words().now) - Date.now() : 0
export const now = () => Date.now() + skew
