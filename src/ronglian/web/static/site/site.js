// Small comforts; every page works without them.
"use strict";

// The menu closes on Escape and when the reader goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// On the board of cases the arrow keys go from card to card, and from column to column.
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!step || !event.target.matches("[data-card]")) return;
  const columns = [...event.target.closest("[data-board]").children].map((column) => [
    ...column.querySelectorAll("[data-card]"),
  ]);
  const filled = columns.filter((cards) => cards.length);
  const at = filled.findIndex((cards) => cards.includes(event.target));
  const cards = filled[at + step[0]];
  const next = cards && cards[Math.min(filled[at].indexOf(event.target) + step[1], cards.length - 1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// A chart draws the rows of the table that it names; the table stays for whoever would rather read.
function drawChart(place) {
  const table = document.getElementById(place.dataset.chart);
  const accent = getComputedStyle(document.documentElement);
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const colours = ["--site-accent", "--site-second"].map((name) => accent.getPropertyValue(name).trim());
  const narrow = place.clientWidth < 480;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: colours,
    textStyle: { fontFamily: accent.getPropertyValue("--tblr-font-sans-serif") },
    legend: { top: 0, left: 0 },
    grid: { top: 36, left: 4, right: 24, bottom: 4, containLabel: true },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row[0]),
      axisLabel: { width: narrow ? 110 : 260, overflow: "break" },
    },
    series: names.map((name, at) => ({
      name,
      type: "bar",
      data: rows.map((row) => Number(row[at + 1].replace(/\D/g, ""))),
    })),
  });
  window.addEventListener("resize", () => chart.resize());
}

document.addEventListener("DOMContentLoaded", () => {
  if (window.echarts) document.querySelectorAll("[data-chart]").forEach(drawChart);
});
