// From our small chart words to ECharts', in the house's few colours. Tooltips are rich text: HTML ones break the CSP.
const TONES = ["house", "line-strong", "soon", "info", "good", "bad"]

export function option(data, style) {
  const token = name => style.getPropertyValue(`--${name}`).trim()
  const size = parseFloat(style.fontSize) * 0.9
  const colours = (data.series || []).map((series, n) => token(series.tone || TONES[n % TONES.length]))
  const words = { color: token("quiet"), fontSize: size, fontFamily: style.fontFamily }
  const shared = {
    color: colours, textStyle: { fontFamily: style.fontFamily, color: token("ink") }, animationDuration: 300,
    tooltip: { trigger: data.kind === "ring" || data.kind === "heat" ? "item" : "axis", renderMode: "richText", confine: true },
    legend: { show: (data.series || []).length > 1, right: 0, top: 0, itemWidth: 12, itemHeight: 8, textStyle: words },
  }
  if (data.kind === "ring") return { ...shared, series: [ring(data, token, words)] }
  const axis = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: words, splitLine: { lineStyle: { color: token("line") } } }
  if (data.kind === "heat") return { ...shared, ...heat(data, axis, token, words) }
  const right = data.series.some(series => series.percent)
  const above = Math.max(0, ...data.series.map(series => series.target || 0)) // the axis reaches the target, or its line would not show
  return {
    ...shared,
    grid: { left: 4, right: 4, top: 40, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: data.names, ...axis, splitLine: { show: false } },
    yAxis: [{ type: "value", name: data.unit, nameTextStyle: words, ...(above && { max: ({ max }) => Math.max(max, above) }), ...axis }, ...(right ? [{ type: "value", max: 100, ...axis, splitLine: { show: false }, axisLabel: { ...words, formatter: "{value}%" } }] : [])],
    series: data.series.map((series, n) => plain(series, data, colours[n], token, words)),
  }
}

function plain(series, data, colour, token, words) {
  const line = series.line || data.kind === "line"
  const target = series.target ?? (data.target && series.percent ? data.target : null)
  return {
    name: series.name, data: series.values, type: line ? "line" : "bar", stack: data.kind === "stack" ? "all" : undefined,
    yAxisIndex: series.percent && data.series.some(one => !one.percent) ? 1 : 0, barMaxWidth: 14, symbolSize: 6,
    itemStyle: { color: colour, borderRadius: line ? 0 : [2, 2, 0, 0] }, lineStyle: { width: 2 },
    markLine: target ? { silent: true, symbol: "none", data: [{ yAxis: target }], lineStyle: { color: token("soon"), type: "dashed" }, label: { ...words, position: "insideEndTop", formatter: data.targetWords || `${target}` } } : undefined,
  }
}

function ring(data, token, words) {
  return { type: "pie", radius: ["58%", "82%"], label: words, itemStyle: { borderColor: token("sheet"), borderWidth: 2 }, data: data.series.map(series => ({ name: series.name, value: series.values[0] })) }
}

function heat(data, axis, token, words) {
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 36, containLabel: true },
    xAxis: { type: "category", data: data.columns, ...axis, splitLine: { show: false } }, yAxis: { type: "category", data: data.names, inverse: true, ...axis, splitLine: { show: false } },
    visualMap: { min: 0, max: data.max || 100, orient: "horizontal", left: 0, bottom: 0, itemWidth: 10, itemHeight: 90, textStyle: words, inRange: { color: [token("sunken"), token("house-line"), token("house")] } },
    series: [{ type: "heatmap", data: data.cells, itemStyle: { borderColor: token("sheet"), borderWidth: 2, borderRadius: 3 } }],
  }
}
