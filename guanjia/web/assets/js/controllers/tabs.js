// A row of tabs that is wider than the screen shows the one that is open.
import { arrive } from "../arrivals.js"

arrive(".tabs > [aria-current]", tab => {
  const row = tab.parentElement
  const left = tab.getBoundingClientRect().left - row.getBoundingClientRect().left
  row.scrollLeft += left - (row.clientWidth - tab.clientWidth) / 2
})
