// Loaded only by pages with a chart: <div class="chart" data-chart="id of a JSON script" role="img" aria-label="…" aria-details="id of its table">.
// What is said of it stands on the page, in the reader's language; ECharts' own words (its aria component) would replace it.
// The JSON is {kind: bars|line|stack|heat|ring, names, series: [{name, values, tone, line, percent, target}], unit, target}.
import { BarChart, HeatmapChart, LineChart, PieChart } from "echarts/charts"
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import { option } from "./chart_options.js"

echarts.use([BarChart, HeatmapChart, LineChart, PieChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, SVGRenderer])

const drawn = new Map()

function draw(root = document) {
  for (const box of root.querySelectorAll("[data-chart]")) {
    if (drawn.has(box)) continue
    const chart = echarts.init(box, null, { renderer: "svg" })
    drawn.set(box, chart)
    paint(box)
    new ResizeObserver(() => chart.resize()).observe(box)
  }
}

function paint(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent)
  drawn.get(box).setOption(option(data, getComputedStyle(box)), true)
}

const repaint = () => drawn.forEach((_, box) => (box.isConnected ? paint(box) : drawn.delete(box)))
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint)
matchMedia("print").addEventListener("change", repaint)
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme", "data-type"] })
document.addEventListener("htmx:load", event => draw(event.detail.elt.parentElement || document))
draw()
