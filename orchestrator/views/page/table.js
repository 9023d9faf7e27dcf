// The table of clients. It holds as many rows as fit its window, whatever the number of clients; rows above and below
// are two empty ones of their height.

const columns = [
  { title: "client", width: "13%" },
  { title: "group", width: "10%" },
  { title: "wave", width: "5%", number: true },
  { title: "site", width: "6%" },
  { title: "status", width: "11%" },
  { title: "attempts", width: "8%", number: true },
  { title: "began", width: "12%" },
  { title: "took", width: "7%", number: true },
  { title: "exit", width: "5%", number: true },
  { title: "reason", width: "auto" },
];
const overscan = 12;

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
    const smaller = units[i + 1], rest = ms % units[i][0];
    const more = smaller && rest >= smaller[0] ? " " + Math.floor(rest / smaller[0]) + smaller[1] : "";
    return Math.floor(ms / units[i][0]) + units[i][1] + more;
  }
  return ms + "ms";
}
function instant(data, ms) { return ms < 0 ? "" : new Date(data.begin + ms).toISOString().slice(0, 19) + "Z"; }

// What a cell shows, by column.
function cellText(data, i, column) {
  switch (column) {
    case 0: return data.name[i];
    case 1: return data.group[i] < 0 ? "" : data.groups[data.group[i]];
    case 2: return data.wave[i] > 0 ? String(data.wave[i]) : "";
    case 3: return data.site[i] < 0 ? "" : data.sites[data.site[i]];
    case 4: return data.states[data.state[i]][1] + " " + data.states[data.state[i]][0];
    case 5: return String(data.tries[i]);
    case 6: return instant(data, data.started[i]).slice(5, 19).replace("T", " ");
    case 7: return duration(data.took[i]);
    case 8: return data.exit[i] < 0 ? "" : String(data.exit[i]);
    default: return data.reasons[data.reason[i]];
  }
}

// Places of `texts` in the order a person counts in: pc2 before pc10.
function ranks(texts) {
  const keys = texts.map(function (text) {
    return text.toLowerCase().replace(/\d+/g, function (digits) { return digits.padStart(12, "0"); });
  });
  const order = Uint32Array.from(keys.keys()).sort(function (a, b) {
    return keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b;
  });
  const places = new Uint32Array(keys.length);
  order.forEach(function (text, place) { places[text] = place; });
  return places;
}

// All clients by a column. Equal ones stay in the order of the data, which puts those in need first.
function sorted(data, column, descending) {
  const count = data.name.length;
  let value;
  const byRank = function (numbers, words) {
    const places = ranks(words);
    return function (i) { return numbers[i] < 0 ? -1 : places[numbers[i]]; };
  };
  switch (column) {
    case 0: {
      data.nameRank = data.nameRank || ranks(data.name);
      value = function (i) { return data.nameRank[i]; };
      break;
    }
    case 1: value = byRank(data.group, data.groups); break;
    case 2: value = function (i) { return data.wave[i]; }; break;
    case 3: value = byRank(data.site, data.sites); break;
    case 4: value = function (i) { return data.states[data.state[i]][3]; }; break;
    case 5: value = function (i) { return data.tries[i]; }; break;
    case 6: value = function (i) { return data.started[i]; }; break;
    case 7: value = function (i) { return data.took[i]; }; break;
    case 8: value = function (i) { return data.exit[i]; }; break;
    default: value = byRank(data.reason, data.reasons);
  }
  // One number a client holds both what is sorted by and the client: numbers sort fast.
  const keys = new Float64Array(count);
  let most = 0;
  for (let i = 0; i < count; i++) {
    keys[i] = value(i);
    if (keys[i] > most) most = keys[i];
  }
  for (let i = 0; i < count; i++) keys[i] = (descending ? most - keys[i] : keys[i] + 1) * count + i;
  keys.sort();
  return Uint32Array.from(keys, function (key) { return key % count; });
}

class ClientTable {
  // `onOpen(client, byKeyboard)` is called when a row is chosen, `onMove(client)` when the keyboard goes to another.
  constructor(data, handlers) {
    this.data = data;
    this.handlers = handlers;
    this.shown = new Uint32Array(0);
    this.active = 0;  // place in `shown` of the row that the keyboard is at
    this.current = -1;  // the client that is open
    this.rows = new Map();  // by place
    this.rowHeight = 32;
    this.column = 4;
    this.descending = false;
    this.build();
  }

  build() {
    this.window = element("div", undefined, "window");
    this.window.tabIndex = -1;
    this.table = element("table");
    this.table.appendChild(element("caption", "Clients", "unseen"));
    const group = element("colgroup");
    const head = this.table.createTHead().insertRow();
    this.headers = columns.map((column, number) => {
      const col = element("col");
      col.style.width = column.width;
      group.appendChild(col);
      const cell = element("th", undefined, column.number ? "number" : "");
      cell.scope = "col";
      const button = element("button", column.title);
      button.type = "button";
      button.addEventListener("click", () => this.sort(number));
      cell.appendChild(button);
      head.appendChild(cell);
      return { cell, button };
    });
    head.setAttribute("aria-rowindex", "1");
    this.table.insertBefore(group, this.table.tHead);
    this.body = this.table.createTBody();
    this.above = this.gap();
    this.below = this.gap();
    this.body.append(this.above, this.below);
    this.window.appendChild(this.table);
    this.window.addEventListener("scroll", () => this.draw(), { passive: true });
    this.window.addEventListener("keydown", (event) => this.key(event));
    this.markSort();
  }
  gap() {
    const row = element("tr", undefined, "gap");
    row.setAttribute("aria-hidden", "true");
    row.appendChild(element("td")).colSpan = columns.length;
    return row;
  }

  markSort() {
    this.headers.forEach(({ cell, button }, number) => {
      const here = number === this.column;
      if (here) cell.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
      button.textContent = columns[number].title + (here ? (this.descending ? " ▼" : " ▲") : "");
    });
  }
  sort(column) {
    this.descending = column === this.column && !this.descending;
    this.column = column;
    this.markSort();
    this.handlers.onSort();
  }
  order() { return sorted(this.data, this.column, this.descending); }

  // Shows these clients, from the first one on.
  show(clients) {
    this.shown = clients;
    this.active = 0;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.table.setAttribute("aria-rowcount", String(clients.length + 1));
    this.window.scrollTop = 0;
    this.draw();
    this.measure();
  }
  // Letters may be bigger than most have them.
  measure() {
    const row = this.rows.get(0);
    const height = row ? row.getBoundingClientRect().height : 0;
    if (height === 0 || Math.abs(height - this.rowHeight) < 0.1) return;
    this.rowHeight = height;
    this.draw();
  }

  draw() {
    const height = this.window.clientHeight || 480;
    const top = this.window.scrollTop;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - overscan);
    const end = Math.min(this.shown.length, Math.ceil((top + height) / this.rowHeight) + overscan);
    // Never less content than in the end, or the browser would scroll back to what there is meanwhile.
    this.above.firstChild.style.height = first * this.rowHeight + "px";
    this.below.firstChild.style.height = (this.shown.length - end) * this.rowHeight + "px";
    this.above.hidden = first === 0;
    this.below.hidden = end === this.shown.length;
    const old = Array.from(this.rows).filter(function ([place]) { return place < first || place >= end; });
    let next = this.below;
    for (let place = end - 1; place >= first; place--) {
      if (!this.rows.has(place)) {
        const row = this.row(place);
        this.rows.set(place, row);
        this.body.insertBefore(row, next);
      }
      next = this.rows.get(place);
    }
    for (const [place, row] of old) {
      if (row.contains(document.activeElement)) this.window.focus({ preventScroll: true });
      row.remove();
      this.rows.delete(place);
    }
  }

  row(place) {
    const data = this.data, i = this.shown[place];
    const row = element("tr");
    row.setAttribute("aria-rowindex", String(place + 2));
    if (i === this.current) row.setAttribute("aria-current", "true");
    const link = element("a", data.name[i], "mono");
    link.href = clientLink(data.name[i]);
    link.tabIndex = place === this.active ? 0 : -1;
    link.addEventListener("focus", () => this.activate(place));
    const name = element("th");
    name.scope = "row";
    name.appendChild(link);
    row.appendChild(name);
    for (let column = 1; column < columns.length; column++) {
      const text = cellText(data, i, column);
      const cell = element("td", text, columns[column].number ? "number" : "");
      if (column === 4) cell.className = "state " + data.states[data.state[i]][2];
      if (column === 9 && text) cell.title = text;
      row.appendChild(cell);
    }
    row.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.activate(place);
      this.handlers.onOpen(i, event.detail === 0);
    });
    return row;
  }

  activate(place) {
    const tab = (at, index) => {
      const row = this.rows.get(at);
      if (row) row.querySelector("a").tabIndex = index;
    };
    tab(this.active, -1);
    this.active = place;
    tab(place, 0);
  }
  // Brings a row into the window and, when asked, the keyboard to it.
  reveal(place, focus) {
    if (place < 0 || place >= this.shown.length) return;
    const head = this.table.tHead.offsetHeight;
    const top = place * this.rowHeight, bottom = top + this.rowHeight;
    if (top < this.window.scrollTop) this.window.scrollTop = top;
    const room = this.window.clientHeight - head;
    if (bottom > this.window.scrollTop + room) this.window.scrollTop = bottom - room;
    this.draw();
    this.activate(place);
    const row = this.rows.get(place);
    if (focus && row) row.querySelector("a").focus({ preventScroll: true });
  }
  // Marks the client that is open; -1: none.
  mark(client) {
    this.current = client;
    for (const [place, row] of this.rows) {
      if (this.shown[place] === client) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
  placeOf(client) { return this.shown.indexOf(client); }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.table.tHead.contains(event.target)) return;
    const page = Math.max(1, Math.floor(this.window.clientHeight / this.rowHeight) - 2);
    const last = this.shown.length - 1;
    const steps = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page,
                    PageUp: this.active - page, Home: 0, End: last };
    if (!(event.key in steps) || last < 0) return;
    event.preventDefault();
    this.reveal(Math.min(last, Math.max(0, steps[event.key])), true);
    this.handlers.onMove(this.shown[this.active]);
  }
}

function clientLink(name) { return "#client=" + encodeURIComponent(name); }
