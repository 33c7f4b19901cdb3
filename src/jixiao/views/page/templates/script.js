"use strict";
// Links rows and marks by the ids in data-r, filters rows, and opens the packed reports of a corpus.

const all = (root, selector) => [...root.querySelectorAll(selector)];
const idsOf = (element) => element.dataset.r.split(" ");

function select(report, ids, from) {
  for (const each of all(report, ".on[data-r]")) each.classList.remove("on");
  const marks = [];
  for (const each of all(report, "[data-r]")) {
    if (!idsOf(each).some((id) => ids.includes(id))) continue;
    each.classList.add("on");
    if (each.closest(".text")) marks.push(each);
  }
  if (from.closest(".text")) showRow(report, ids); else marks[0]?.scrollIntoView({ block: "center" });
}

// The innermost record first: its row in the open pane, else in the pane of its own type.
function showRow(report, ids) {
  const panes = { q: "quantities", e: "entities", c: "claims" };
  for (const id of ids) {
    const open = report.querySelector(".pane.on");
    const find = (pane) => all(pane, "[data-r]").find((row) => idsOf(row).includes(id));
    let row = find(open);
    if (!row) {
      const name = panes[id[0]];
      row = find(report.querySelector(`.pane[data-pane=${name}]`));
      if (row) choose(report.querySelector(`button[data-pane=${name}]`));
    }
    if (row) { row.hidden = false; row.scrollIntoView({ block: "center" }); return; }
  }
}

function choose(button) {
  const root = button.closest("aside, main");
  for (const each of all(button.parentNode, "button")) each.setAttribute("aria-selected", each === button);
  const name = button.dataset.pane || button.dataset.view;
  for (const pane of all(root, ".pane, .view")) pane.classList.toggle("on", (pane.dataset.pane || pane.dataset.view) === name);
  const input = root.matches("aside") && root.querySelector("input");
  if (input) filter(input);
  if (name === "search") search(root.querySelector("[data-view=search] input"));
}

function filter(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const root = input.closest("aside")?.querySelector(".pane.on") || input.closest(".view");
  for (const row of all(root, "tbody tr, .card, .check, figure")) {
    const text = (row.dataset.text || row.textContent).toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}

// -- the packed parts of a corpus ---------------------------------------------------------------

async function unpack(name) {
  const packed = document.querySelector(`script[data-part="${name}"]`).textContent;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function openReport(number, ids) {
  const opened = document.getElementById("opened");
  opened.lastElementChild.innerHTML = await unpack(number);
  document.querySelector("main").hidden = true;
  opened.hidden = false;
  location.hash = number;
  const report = opened.querySelector(".report");
  if (ids) select(report, ids, document.body);
}

function closeReport() {
  document.getElementById("opened").hidden = true;
  document.querySelector("main").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}

const MOST = 300;
let facts;

async function search(input) {
  facts ??= JSON.parse(await unpack("facts"));
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  let count = 0;
  for (const fact of facts) {
    if (!words.every((word) => fact[0].includes(word))) continue;
    if (count++ < MOST) found.push(fact);
  }
  const view = input.closest(".view");
  view.querySelector("[data-count]").textContent =
    `${count.toLocaleString()} 条事实` + (count > MOST ? `，显示前 ${MOST} 条` : "");
  view.querySelector("tbody").replaceChildren(...found.map(([, report, ids, ...cells]) => {
    const row = document.createElement("tr");
    row.tabIndex = 0;
    row.dataset.open = report;
    row.dataset.ids = ids;
    row.append(...cells.map((cell) => Object.assign(document.createElement("td"), { textContent: cell })));
    return row;
  }));
}

// -- events -------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("summary, details a")) return;
  const button = target.closest("nav button");
  if (button) return choose(button);
  if (target.closest(".back")) return closeReport();
  const row = target.closest("[data-open]");
  if (row) return openReport(row.dataset.open, row.dataset.ids?.split(" "));
  const linked = target.closest("[data-r]");
  if (linked) select(linked.closest(".report"), idsOf(linked), linked);
});
document.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  if (event.target.closest("[data-view=search]")) search(event.target); else filter(event.target);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input");
  if (event.key === "/" && !typing) {
    const input = all(document, "input[type=search]").find((each) => each.offsetParent);
    if (input) { input.focus(); event.preventDefault(); }
  } else if (event.key === "Enter" && !typing) {
    event.target.click();
  } else if (event.key === "Escape") {
    if (typing) { event.target.value = ""; event.target.dispatchEvent(new Event("input", { bubbles: true })); event.target.blur(); }
    else if (document.getElementById("opened")?.hidden === false) closeReport();
  } else if (!typing && (event.key === "j" || event.key === "k")) {
    const rows = all(document, ".pane.on [data-r], .view.on [data-open]").filter((row) => row.offsetParent);
    const next = rows[rows.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1)] || rows[0];
    next?.focus();
    if (next?.dataset.r) next.click();
  }
});
if (document.body.classList.contains("corpus") && /^#\d+$/.test(location.hash)) openReport(location.hash.slice(1));
