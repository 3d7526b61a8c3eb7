// <time data-due datetime>: counts down in the server's words, by the server's clock.
import { now, say } from "../words.js"

const MINUTE = 60_000
const SOON = 30
const COUNTED = 120

export function span(minutes) {
  const d = Math.floor(minutes / 1440), h = Math.floor(minutes / 60) % 24, m = minutes % 60
  if (d) return h ? say("daysHours", { d, h }) : say("days", { d })
  if (h) return m ? say("hoursMinutes", { h, m }) : say("hours", { h })
  return say("minutes", { m: Math.max(1, m) })
}

function tell(time) {
  const left = Date.parse(time.dateTime) - now()
  const minutes = Math.max(1, Math.floor(Math.abs(left) / MINUTE))
  if (left > COUNTED * MINUTE) return
  const text = left < 0 ? say("late", span(minutes)) : say("left", span(minutes))
  const tone = left < 0 ? "bad" : left <= SOON * MINUTE ? "soon" : "mute"
  if (time.textContent !== text) time.textContent = text
  if (time.dataset.tone !== tone) time.dataset.tone = tone
  const holder = time.closest(".row, .task, tr")
  if (holder && left < 0) holder.setAttribute("data-late", "")
}

function tick() {
  if (document.hidden) return
  document.querySelectorAll("time[data-due]").forEach(tell)
}

setInterval(tick, 15_000)
document.addEventListener("visibilitychange", tick)
