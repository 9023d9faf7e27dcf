// Both are constants, so that the page needs nothing but itself.
#include "orchestrator/views/report_page.h"

namespace sitewide {
namespace {

constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --edge: #d0d7de;
  --band: #f6f8fa; --good: #1a7f37; --bad: #b42318; --warn: #8a5a00; --busy: #0a59b5;
  --soak: #6b7fd7; --idle: #8c959f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9ea7b3; --paper: #0d1117; --edge: #30363d; --band: #161b22;
    --good: #56d364; --bad: #ff7b72; --warn: #e3b341; --busy: #79c0ff; --soak: #8f9df0;
    --idle: #6e7681;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif;
}
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.verdict {
  border-left: .4rem solid var(--busy); background: var(--band); padding: .75rem 1rem;
  margin: 1rem 0;
}
.verdict.good { border-color: var(--good); }
.verdict.bad { border-color: var(--bad); }
.verdict.warn { border-color: var(--warn); }
.verdict p { margin: .25rem 0; overflow-wrap: anywhere; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.busy { color: var(--busy); }
.verdict, .verdict p { color: var(--ink); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td {
  text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid var(--edge);
}
th { background: var(--band); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
td { overflow-wrap: break-word; }
td.state, td.time { white-space: nowrap; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
code, pre, .mono {
  font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere;
}
pre {
  white-space: pre-wrap; background: var(--band); border: 1px solid var(--edge); padding: .5rem;
  margin: .25rem 0;
}
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 12px; }
svg .grid { stroke: var(--edge); }
svg .in { fill: #fff; }
svg .wave { fill: var(--busy); }
svg .soak { fill: var(--soak); }
svg .approval, svg .check { fill: var(--warn); }
svg .site_step { fill: var(--good); }
svg .rollback { fill: var(--bad); }
svg .paused { fill: var(--idle); }
svg .no_controller { fill: var(--idle); opacity: .6; }
@media (prefers-color-scheme: dark) {
  svg .in { fill: #0d1117; }
}
.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .5rem 0; }
.filter label { display: grid; color: var(--soft); font-size: .85rem; }
input, select, button {
  font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge);
  border-radius: 4px; padding: .25rem .5rem;
}
button:disabled { opacity: .5; }
:focus-visible { outline: 2px solid var(--busy); outline-offset: 1px; }
.open {
  background: none; border: 0; padding: 0; text-align: left; text-decoration: underline;
  cursor: pointer;
}
footer { margin-top: 2rem; color: var(--soft); font-size: .9rem; }
@media print {
  :root { --ink: #000; --paper: #fff; --band: #f4f4f4; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .filter button, .filter { display: none; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
)css";

constexpr std::string_view kScript = R"js(
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const area = document.getElementById("clients");
  const pageSize = 100;
  let shown = data.clients, page = 0;

  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function duration(ms) {
    if (ms < 0) return "";
    const units = [[86400000, "d"], [3600000, "h"], [60000, "m"], [1000, "s"]];
    for (let i = 0; i < units.length; i++) {
      if (ms < units[i][0]) continue;
      let text = Math.floor(ms / units[i][0]) + units[i][1];
      const rest = ms % units[i][0];
      const smaller = units[i + 1];
      if (smaller && rest >= smaller[0]) text += " " + Math.floor(rest / smaller[0]) + smaller[1];
      return text;
    }
    return ms + "ms";
  }
  function instant(ms) { return new Date(data.begin + ms).toISOString().slice(0, 19) + "Z"; }

  // An attempt is [step, number, outcome, begun, lasted, reason, exit code, output].
  function attempts(client) {
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const title of ["step", "attempt", "outcome", "began", "took", "reason"]) {
      const cell = element("th", title);
      cell.scope = "col";
      head.appendChild(cell);
    }
    const body = table.createTBody();
    for (const a of client[5]) {
      const row = body.insertRow();
      row.insertCell().textContent = data.steps[a[0]];
      row.insertCell().textContent = a[1];
      row.insertCell().textContent = data.outcomes[a[2]];
      row.insertCell().textContent = instant(a[3]);
      row.insertCell().textContent = duration(a[4]);
      const why = row.insertCell();
      why.textContent = data.reasons[a[5]] + (a[6] > 0 ? " (exit " + a[6] + ")" : "");
      if (a[7]) why.appendChild(element("pre", a[7]));
    }
    return table;
  }

  function clientRow(body, client) {
    const row = body.insertRow();
    const name = element("th");
    name.scope = "row";
    const button = element("button", client[0], "open mono");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    name.appendChild(button);
    row.appendChild(name);
    row.insertCell().textContent = client[1] < 0 ? "" : data.groups[client[1]];
    const wave = row.insertCell();
    wave.className = "number";
    wave.textContent = client[2];
    const state = data.states[client[3]];
    const cell = row.insertCell();
    cell.className = "state " + state[2];
    cell.textContent = state[1] + " " + state[0];
    const tries = row.insertCell();
    tries.className = "number";
    tries.textContent = client[5].length;
    row.insertCell().textContent = data.reasons[client[4]];
    let detail = null;
    button.addEventListener("click", function () {
      if (detail) {
        detail.remove();
        detail = null;
        button.setAttribute("aria-expanded", "false");
        return;
      }
      detail = body.insertRow(row.sectionRowIndex + 1);
      const wide = detail.insertCell();
      wide.colSpan = 6;
      wide.appendChild(client[5].length ? attempts(client) : element("p", "no attempt was made"));
      button.setAttribute("aria-expanded", "true");
    });
  }

  const filter = element("div", undefined, "filter");
  function field(title, input) {
    const label = element("label", title);
    label.appendChild(input);
    filter.appendChild(label);
    return input;
  }
  function choice(title, words) {
    const select = field(title, element("select"));
    select.appendChild(new Option("all", ""));
    for (const word of words) select.appendChild(new Option(word[1], word[0]));
    select.addEventListener("change", search);
    return select;
  }
  const text = field("name or reason", element("input"));
  text.type = "search";
  text.addEventListener("input", search);
  const group = choice("group", data.groups.map(function (name, i) { return [i, name]; }));
  const states = new Map();
  for (const client of data.clients) states.set(client[3], (states.get(client[3]) || 0) + 1);
  const present = Array.from(states.keys()).sort(function (a, b) { return a - b; });
  const state = choice("state", present.map(function (i) {
    return [i, data.states[i][0] + " (" + states.get(i) + ")"];
  }));
  const back = element("button", "previous"), on = element("button", "next");
  const where = element("span");
  back.type = on.type = "button";
  where.setAttribute("role", "status");
  back.addEventListener("click", function () { page--; show(); });
  on.addEventListener("click", function () { page++; show(); });
  filter.append(back, on, where);

  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const title of ["client", "group", "wave", "state", "attempts", "reason"]) {
    const cell = element("th", title);
    cell.scope = "col";
    if (title === "wave" || title === "attempts") cell.className = "number";
    head.appendChild(cell);
  }
  let body = table.createTBody();
  const scroll = element("div", undefined, "scroll");
  scroll.appendChild(table);
  area.append(filter, scroll);

  function search() {
    const wanted = text.value.toLowerCase();
    shown = data.clients.filter(function (c) {
      if (group.value !== "" && c[1] !== Number(group.value)) return false;
      if (state.value !== "" && c[3] !== Number(state.value)) return false;
      if (!wanted || c[0].toLowerCase().includes(wanted)) return true;
      return data.reasons[c[4]].toLowerCase().includes(wanted);
    });
    page = 0;
    show();
  }
  function show() {
    const fresh = document.createElement("tbody");
    const begin = page * pageSize;
    for (const client of shown.slice(begin, begin + pageSize)) clientRow(fresh, client);
    table.replaceChild(fresh, body);
    body = fresh;
    const last = Math.min(begin + pageSize, shown.length);
    const range = (begin + 1) + "–" + last + " of " + shown.length;
    where.textContent = shown.length === 0 ? "no client" : range;
    back.disabled = page === 0;
    on.disabled = last >= shown.length;
  }
  show();
})();
)js";

}  // namespace

std::string_view report_style() { return kStyle; }
std::string_view report_script() { return kScript; }

}  // namespace sitewide
