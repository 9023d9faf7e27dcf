// Puts filter, table and panel together, and keeps the address: #client=NAME opens a client, #filter=QUERY filters.

function prepared(data) {
  const count = data.name.length;
  data.lowerName = data.name.map(function (name) { return name.toLowerCase(); });
  data.tries = new Int32Array(count);
  data.exit = new Int32Array(count).fill(-1);
  data.lastStep = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const flat = data.attempts[i];
    data.tries[i] = flat.length / attemptMembers;
    if (!flat.length) continue;
    data.lastStep[i] = flat[flat.length - attemptMembers];
    for (let k = flat.length - 1; k > 0; k -= attemptMembers) {
      if (flat[k] < 0) continue;
      data.exit[i] = flat[k];  // of the last program that ran
      break;
    }
  }
  data.output = new Map();
  for (const [client, attempt, text] of data.outputs) data.output.set(client + "/" + attempt, text);
  return data;
}

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
function csvCell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
}

class ClientsPage {
  constructor(data, place) {
    this.data = data;
    this.panel = null;
    this.table = new ClientTable(data, {
      onSort: () => this.sort(),
      onOpen: (client, byKeyboard) => this.open(client, byKeyboard),
      onMove: (client) => { if (this.panel) this.open(client, false); },
    });
    this.order = Uint32Array.from(data.name.keys());
    this.build(place);
    this.refresh();
    window.addEventListener("hashchange", () => this.follow());
    this.follow();
  }

  build(place) {
    const filter = element("div", undefined, "filter");
    filter.setAttribute("role", "search");
    this.query = element("input");
    this.query.type = "search";
    this.query.spellcheck = false;
    this.query.setAttribute("aria-describedby", "query-help");
    this.query.addEventListener("input", () => this.refresh());
    const label = element("label", "Filter", "query");
    label.appendChild(this.query);
    this.chips = this.stateChips();
    const csv = element("button", "Save as CSV");
    csv.type = "button";
    csv.addEventListener("click", () => this.save());
    filter.append(label, ...this.chips.map(function (chip) { return chip.button; }), csv);
    const help = element("p", "Words in a name or reason, and " + queryKeys.map(function (key) {
      return key + ":";
    }).join(" ") + " – all must match; a comma means or, - in front means not. " +
      "Arrow keys go through the rows, Enter opens one, Escape closes it.", "help");
    help.id = "query-help";
    this.status = element("p");
    this.status.setAttribute("role", "status");
    this.pair = element("div", undefined, "pair");
    this.pair.appendChild(this.table.window);
    place.append(filter, help, this.status, this.pair);
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.panel) this.close();
    });
  }

  // A button a state that occurs: it puts the state into the filter, or takes it out.
  stateChips() {
    const counts = new Map();
    for (const state of this.data.state) counts.set(state, (counts.get(state) || 0) + 1);
    const present = Array.from(counts.keys()).sort((a, b) => this.data.states[a][3] - this.data.states[b][3]);
    return present.map((state) => {
      const [word, glyph, tone] = this.data.states[state];
      const button = element("button", glyph + " " + word + " " + counts.get(state).toLocaleString("en"), tone);
      button.type = "button";
      button.addEventListener("click", () => {
        this.query.value = toggledStatus(this.query.value, word);
        this.refresh();
      });
      return { word, button };
    });
  }

  sort() {
    this.order = this.table.order();
    this.refresh();
  }
  refresh() {
    const query = parseQuery(this.query.value);
    const found = select(this.data, query, this.order);
    this.table.show(found);
    const statuses = chosenStatuses(this.query.value);
    for (const { word, button } of this.chips)
      button.setAttribute("aria-pressed", String(statuses.includes(slug(word))));
    const all = this.data.name.length;
    this.status.textContent = found.length.toLocaleString("en") + " of " + all.toLocaleString("en") +
      (all === 1 ? " client" : " clients");
    if (query.unknown.length) {
      this.status.appendChild(element("span", " (" + query.unknown.join(", ") +
        ": not a key; the keys are " + queryKeys.join(", ") + ")", "hint"));
    }
  }

  open(client, takeFocus) {
    const panel = clientPanel(this.data, client, (by) => this.step(by), () => this.close());
    if (this.panel) this.panel.replaceWith(panel);
    else this.pair.appendChild(panel);
    this.panel = panel;
    this.table.mark(client);
    this.address(clientLink(this.data.name[client]));
    if (!takeFocus) return;
    panel.querySelector("h3").focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }
  step(by) {
    const place = this.table.placeOf(this.table.current) + by;
    if (place < 0 || place >= this.table.shown.length) return;
    this.table.reveal(place, false);
    this.open(this.table.shown[place], true);
  }
  close() {
    this.panel.remove();
    this.panel = null;
    const place = this.table.placeOf(this.table.current);
    this.table.mark(-1);
    this.address("#clients");
    if (place >= 0) this.table.reveal(place, true);
    else this.query.focus();
  }
  // A mailed file may forbid to change its address: then it stays.
  address(hash) {
    try {
      history.replaceState(null, "", hash);
    } catch (refused) {
      return;
    }
  }

  // Does what the address says.
  follow() {
    const [, key, value] = /^#(client|filter)=(.*)$/.exec(location.hash) || [];
    if (!key) return;
    let wanted;
    try {
      wanted = decodeURIComponent(value);
    } catch (malformed) {
      wanted = value;
    }
    if (key === "filter") {
      this.query.value = wanted;
      this.refresh();
      document.getElementById("clients").scrollIntoView();
      return;
    }
    const client = this.data.name.indexOf(wanted);
    if (client < 0) {
      this.status.textContent = "There is no client " + wanted + " in this rollout.";
      document.getElementById("clients").scrollIntoView();
      return;
    }
    if (this.table.placeOf(client) < 0) {
      this.query.value = "";
      this.refresh();
    }
    this.table.reveal(this.table.placeOf(client), false);
    this.open(client, true);
  }

  save() {
    const lines = [columns.map(function (column) { return column.title; })];
    for (const i of this.table.shown) {
      lines.push(columns.map((column, number) => {
        if (number === 4) return this.data.states[this.data.state[i]][0];
        return number === 6 ? instant(this.data, this.data.started[i]) : cellText(this.data, i, number);
      }));
    }
    const text = lines.map(function (cells) { return cells.map(csvCell).join(","); }).join("\r\n") + "\r\n";
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = this.data.rollout + "-clients.csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }
}

new ClientsPage(prepared(JSON.parse(document.getElementById("data").textContent)),
                document.getElementById("clients-table"));
// Only now, so that the plain list stays where something went wrong.
document.documentElement.classList.add("scripted");
