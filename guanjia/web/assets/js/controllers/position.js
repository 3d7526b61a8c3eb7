// [data-position] in a form: asks the phone where it is and fills latitude, longitude and proof; a refusal changes nothing.
import { arrive } from "../arrivals.js"

arrive("[data-position]", note => {
  const form = note.closest("form")
  if (!form || !navigator.geolocation) return
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const set = (name, value) => { const field = form.elements.namedItem(name); if (field) field.value = value }
    set("latitude", coords.latitude.toFixed(6))
    set("longitude", coords.longitude.toFixed(6))
    set("proof", "position")
    note.dataset.tone = "good"
    note.textContent = note.dataset.found
  }, () => {}, { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 })
})
