"use strict";

// Asks the machine once a second, and shows what has changed since. Nothing is kept but the answer before, and of each core what it told before.
const period = 1000;
const patience = 5000;
const eventsMax = 50;
const told = new Map();
let before = null;
let answeredAt = 0;
let isPaused = false;

const byId = (id) => document.getElementById(id);
const number = (value) => Math.round(value).toLocaleString("en");
const kib = (bytes) => bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MiB` : `${number(bytes / 1024)} KiB`;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

function facts(list, pairs) {
  list.replaceChildren(...pairs.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
}

// How much a counter has grown each second. A counter that began anew has not grown.
function rate(now, then, seconds) {
  return then === undefined || seconds <= 0 || now < then ? 0 : (now - then) / seconds;
}

// What each core told last, and what before that: rates are between the two. Another core is asked now and then, so the same may come twice.
function remember(answer) {
  for (const instance of answer.instances) {
    const known = told.get(instance.core);
    if (instance.state === undefined) {
      told.delete(instance.core);
    } else if (known && known.now.told_us === instance.told_us) {
      known.isNew = false;
    } else {
      told.set(instance.core, { now: instance, then: known && known.now, isNew: true });
    }
  }
}

// What has grown in a second, for figures of a core.
function growth(known, now, then) {
  const seconds = known.then ? (known.now.told_us - known.then.told_us) / 1e6 : 0;
  return (key) => rate(now[key], then ? then[key] : undefined, seconds);
}

function showInstances(answer) {
  const cards = answer.instances.map((instance) => {
    const card = element("li", "", { "data-core": instance.core });
    card.append(element("h3", `Core ${instance.core}`));
    const known = told.get(instance.core);
    if (known === undefined) {
      card.append(element("p", "tells nothing here", { class: "note" }));
      return card;
    }
    const grown = growth(known, known.now, known.then);
    const list = element("dl", "");
    facts(list, [
      ["State", instance.state],
      ["Memory in use", `${kib(instance.memory_bytes - instance.free_bytes)} of ${kib(instance.memory_bytes)}`],
      ["Asleep", `${Math.min(100, grown("slept_us") / 10000).toFixed(1)} %`],
      ["Wake-ups / s", number(grown("wake_ups"))],
      ["System calls / s", number(grown("system_calls"))],
      ["Switches / s", number(grown("switches"))],
      ["Interrupts / s", number(grown("interrupts"))],
    ]);
    card.append(list);
    return card;
  });
  byId("instances").replaceChildren(...cards);
}

// Programs of all cores. Two cores may have programs of one name. One that is elsewhere is left out when its core tells of it.
function programsOf(answer) {
  const all = answer.instances.flatMap((instance) =>
    (instance.programs || []).map((program) => ({ core: instance.core, isHere: program.state !== "elsewhere", program })));
  const here = new Set(all.filter((row) => row.isHere).map((row) => row.program.name));
  return all.filter((row) => row.isHere || !here.has(row.program.name));
}

function showPrograms(answer, own) {
  const rows = programsOf(answer).map(({ core, isHere, program }) => {
    const known = told.get(core);
    const then = known.then && known.then.programs.find((other) => other.name === program.name);
    const grown = growth(known, program, then && then.starts === program.starts ? then : undefined);
    const cells = [
      ["Core", isHere ? number(core) : "", "number"],
      ["State", program.state, "state"],
      ["Priority", isHere ? number(program.priority) : "", "number"],
      ["Starts", isHere ? number(program.starts) : "", "number"],
      ["Memory", isHere ? kib(program.memory_bytes) : "", "number"],
      ["Processor", isHere ? `${(grown("ran_us") / 10000).toFixed(1)} %` : "", "number"],
      ["Calls per second", isHere ? number(grown("system_calls")) : "", "number"],
    ];
    const row = element("tr", "", { "data-program": program.name, "data-core": isHere ? core : "", "data-state": program.state });
    row.append(element("th", program.name, { scope: "row" }));
    row.append(...cells.map(([label, text, kind]) => element("td", text, { "data-label": label, class: kind })));
    if (known.isNew && then && (then.state !== program.state || then.starts !== program.starts)) {
      const name = core === own ? program.name : `${program.name} of core ${core}`;
      tell(then.state === program.state ? `${name} was started again` : `${name} is ${program.state}`);
    }
    return row;
  });
  document.querySelector("#programs tbody").replaceChildren(...rows);
}

function tell(text) {
  const events = byId("events");
  events.prepend(element("li", `${new Date().toLocaleTimeString("en-GB")}: ${text}.`));
  while (events.children.length > eventsMax) {
    events.lastChild.remove();
  }
}

// The first instance is the one that answers.
function show(answer) {
  const seconds = before ? (answer.uptime_us - before.uptime_us) / 1e6 : 0;
  if (before && answer.uptime_us < before.uptime_us) {
    before = null;
    told.clear();
    tell("The machine was started again");
  }
  const own = answer.instances[0].core;
  byId("own").textContent = own;
  remember(answer);
  showInstances(answer);
  showPrograms(answer, own);
  facts(byId("http"), [
    ["Requests per second", number(rate(answer.http.requests, before ? before.http.requests : undefined, seconds))],
    ["Requests", number(answer.http.requests)],
    ["Connections", number(answer.http.open)],
    ["Dropped requests", number(answer.http.refused)],
    ["Received", kib(answer.http.received_bytes)],
    ["Sent", kib(answer.http.sent_bytes)],
  ]);
  before = answer;
}

// The status is read out only when what it says changes.
function say(text, isLate) {
  const state = byId("state");
  if (state.textContent !== text) {
    state.textContent = text;
    state.className = isLate ? "late" : "";
  }
}

async function ask() {
  try {
    const answer = await fetch("/api/instances", { cache: "no-store", signal: AbortSignal.timeout(patience) });
    if (!answer.ok) {
      throw new Error(`it says ${answer.status}`);
    }
    show(await answer.json());
    answeredAt = performance.now();
    say("The machine answers.", false);
  } catch (error) {
    const seconds = Math.round((performance.now() - answeredAt) / 1000);
    say(`The machine does not answer: ${error.message}. The figures are ${seconds < 10 ? "some seconds" : "long"} old.`, true);
  }
}

async function run() {
  for (;;) {
    const began = performance.now();
    if (!isPaused && !document.hidden) {
      await ask();
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(100, period - (performance.now() - began))));
  }
}

byId("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  byId("pause").setAttribute("aria-pressed", String(isPaused));
  say(isPaused ? "Paused: the figures stand still." : "The machine answers.", false);
});

run();
