// The house on the phone: the service worker keeps 今日 and one's tasks for the time without signal (sw.js).
const shell = document.querySelector(".shell[data-person]")

if (shell && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).then(() => navigator.serviceWorker.ready).then(keep).catch(() => {})
  document.addEventListener("submit", event => { // before the answer: the next person finds nothing of this one
    if (new URL(event.target.action, location).pathname === "/sign-out/") caches.delete("pages")
  })
}

function keep(worker) {
  const pages = [...document.querySelectorAll("[data-keep]")].map(line => line.dataset.keep).filter(Boolean)
  if (!pages.length && !document.querySelector("[data-outbox]") || document.documentElement.hasAttribute("data-kept")) return
  if (!location.search) pages.unshift(location.pathname)
  worker.active?.postMessage({ keep: [...new Set(pages)].slice(0, 80), person: shell.dataset.person })
}
