"use strict";
// The language of the filter: words that must all match. `group:wave-1 status:failed,lost -site:HQ "disk full"`.
// A word without a key matches in a client's name or reason; `-` in front means not; `,` means or.

const queryKeys = ["group", "wave", "site", "status", "reason", "cause", "exit", "step"];
const queryAliases = { state: "status", name: "" };

// Splits a query into terms {key, values, negated}; `unknown` are keys that do not exist.
function parseQuery(text) {
  const terms = [], unknown = [];
  for (const [, minus, word, quoted, rest] of text.matchAll(/(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|([^\s"]+))/g)) {
    let key = (word || "").toLowerCase();
    let value = quoted !== undefined ? quoted : rest;
    if (key in queryAliases) key = queryAliases[key];
    if (key && !queryKeys.includes(key)) {
      unknown.push(key);
      value = word + ":" + value;
      key = "";
    }
    const values = (key && quoted === undefined ? value.split(",") : [value])
      .map(function (word) { return word.toLowerCase(); }).filter(Boolean);
    if (values.length) terms.push({ key, values, negated: minus === "-" });
  }
  return { terms, unknown };
}

// States and steps may be written as the journal does: needs_hands, needs-hands.
function spokenWord(text) { return text.replace(/[_-]/g, " "); }

// Which of `words` contain a value.
function containing(words, values) {
  return Uint8Array.from(words, function (word) {
    const lower = word.toLowerCase();
    return values.some(function (value) { return lower.includes(value); }) ? 1 : 0;
  });
}

// Which of a short list of `words` a term means: those that equal a value; where none does, those that contain it.
function chosen(words, values) {
  const lower = words.map(function (word) { return word.toLowerCase(); });
  const wanted = new Uint8Array(words.length);
  for (const value of values) {
    const exact = lower.includes(value);
    lower.forEach(function (word, i) {
      if (exact ? word === value : word.includes(value)) wanted[i] = 1;
    });
  }
  return wanted;
}

// A function that says of a client, by its number, whether the term holds.
function termTest(data, term) {
  const values = term.values;
  const column = function (numbers, wanted) {
    return function (i) { return numbers[i] >= 0 && wanted[numbers[i]] === 1; };
  };
  const number = function (numbers) {
    const wanted = new Set(values.map(Number));
    return function (i) { return wanted.has(numbers[i]); };
  };
  switch (term.key) {
    case "group": return column(data.group, chosen(data.groups, values));
    case "site": return column(data.site, chosen(data.sites, values));
    case "status": {
      const words = data.states.map(function (state) { return state[0]; });
      return column(data.state, chosen(words, values.map(spokenWord)));
    }
    case "step": return column(data.lastStep, chosen(data.steps, values.map(spokenWord)));
    case "reason": return column(data.reason, containing(data.reasons, values));
    case "wave": return number(data.wave);
    case "cause": return number(data.cause);
    case "exit": return number(data.exit);
  }
  const reasons = containing(data.reasons, values);
  const text = values[0];
  return function (i) { return data.lowerName[i].includes(text) || reasons[data.reason[i]] === 1; };
}

// The numbers of the clients that match, in the order of `order`.
function select(data, query, order) {
  const tests = query.terms.map(function (term) {
    const test = termTest(data, term);
    return term.negated ? function (i) { return !test(i); } : test;
  });
  const found = new Uint32Array(order.length);
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k];
    let matches = true;
    for (let t = 0; matches && t < tests.length; t++) matches = tests[t](i);
    if (matches) found[count++] = i;
  }
  return found.subarray(0, count);
}

// The status terms of a query as buttons set them: `status:failed,needs-hands`.
const statusTerm = /(^|\s)status:([^\s"]+)/;
function slug(status) { return status.replace(/ /g, "-"); }
function chosenStatuses(text) {
  const found = statusTerm.exec(text);
  return found ? found[2].split(",") : [];
}
// Puts a status into a query, beside those that are there, or takes it out.
function toggledStatus(text, status) {
  const before = chosenStatuses(text), word = slug(status);
  const after = before.includes(word) ? before.filter(function (other) { return other !== word; }) : [...before, word];
  const rest = text.replace(statusTerm, " ").trim().replace(/\s+/g, " ");
  return (rest + (after.length ? " status:" + after.join(",") : "")).trim();
}
