// One client: what happened to it, attempt by attempt, with what its programs printed.

const attemptMembers = 7;  // step, attempt, outcome, begun, took, reason, exit

// The attempts of client `i` as objects.
function attemptsOf(data, i) {
  const flat = data.attempts[i], made = [];
  for (let k = 0; k + attemptMembers <= flat.length; k += attemptMembers) {
    const [step, attempt, outcome, begun, took, reason, exit] = flat.slice(k, k + attemptMembers);
    made.push({ step, attempt, outcome, begun, took, reason, exit, output: data.output.get(i + "/" + made.length) });
  }
  return made;
}

function facts(pairs) {
  const list = element("dl", undefined, "facts");
  for (const [name, value] of pairs) {
    if (value) list.append(element("dt", name), element("dd", value));
  }
  return list;
}

function attemptTable(data, attempts) {
  const table = element("table");
  table.appendChild(element("caption", "Attempts", "unseen"));
  const head = table.createTHead().insertRow();
  for (const title of ["step", "attempt", "outcome", "began", "took", "exit", "reason"]) {
    const cell = element("th", title);
    cell.scope = "col";
    head.appendChild(cell);
  }
  const body = table.createTBody();
  for (const a of attempts) {
    const row = body.insertRow();
    const texts = [data.steps[a.step], a.attempt, data.outcomes[a.outcome], instant(data, a.begun), duration(a.took),
                   a.exit < 0 ? "" : a.exit, data.reasons[a.reason]];
    for (const text of texts) row.insertCell().textContent = text;
    if (a.output === undefined) continue;
    const cell = body.insertRow().insertCell();
    cell.colSpan = 7;
    const output = element("pre", a.output);
    output.tabIndex = 0;
    output.setAttribute("aria-label", "Output of " + data.steps[a.step] + ", attempt " + a.attempt);
    cell.appendChild(output);
  }
  return table;
}

// The panel of client `i`. `onStep(by)` goes to a neighbour, `onClose()` leaves.
function clientPanel(data, i, onStep, onClose) {
  const panel = element("section", undefined, "client");
  panel.setAttribute("aria-labelledby", "client-title");
  const state = data.states[data.state[i]];
  const title = element("h3", data.name[i]);
  title.id = "client-title";
  title.tabIndex = -1;
  const status = element("span", state[1] + " " + state[0], "state " + state[2]);
  const bar = element("header");
  bar.append(title, status);
  for (const [text, act] of [["Previous", () => onStep(-1)], ["Next", () => onStep(1)], ["Close", onClose]]) {
    const button = element("button", text);
    button.type = "button";
    button.addEventListener("click", act);
    bar.appendChild(button);
  }
  const attempts = attemptsOf(data, i);
  const wave = data.wave[i] > 0 ? ", wave " + data.wave[i] : "";
  panel.append(bar, facts([
    ["group", data.group[i] < 0 ? "" : data.groups[data.group[i]] + wave],
    ["site", data.site[i] < 0 ? "" : data.sites[data.site[i]]],
    ["reason", data.reasons[data.reason[i]]],
    ["began", instant(data, data.started[i])],
    ["took", duration(data.took[i])],
  ]));
  const wide = element("div", undefined, "scroll");
  wide.appendChild(attempts.length ? attemptTable(data, attempts) : element("p", "No attempt was made."));
  panel.appendChild(wide);
  return panel;
}
