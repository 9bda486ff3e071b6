// Guides through the drills one by one. Where it stands is never counted, only reckoned: from the instant the current
// drill began, kept in localStorage, so a locked phone, a reload or a restarted server changes nothing.
const CHANGE_MS = 5000; // time to read the next drill's name and get into place
const KEEP_MS = 12 * 3600 * 1000; // an older unfinished session starts anew
const ANSWER_MS = 30 * 1000; // so long one report is left alone before it is made again

const kept = (id) => {
  try {
    const state = JSON.parse(localStorage.getItem(id));
    return state && Date.now() - state.began < KEEP_MS ? state : null;
  } catch { return null; }
};
const keep = (id, state) => { try { localStorage.setItem(id, JSON.stringify(state)); } catch { /* private mode */ } };

// What this page reported and when, by session: kept beside the player, which may be put up anew while it waits.
const reported = (globalThis.__springstep_reported ??= {});

const forget = (id) => { try { localStorage.removeItem(id); } catch { /* private mode */ } };

const uuid = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  const h = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};

// Where a session stands at `now`: {index, left_ms, getting_ready, over}. Pure.
export function standing(state, drills, now) {
  let { index } = state;
  let passed = (state.paused_at ?? now) - state.drill_began;
  while (index < drills.length) {
    const whole = CHANGE_MS + drills[index].seconds * 1000;
    if (passed < whole) {
      const ready = passed < CHANGE_MS;
      return { index, ready, left_ms: ready ? CHANGE_MS - passed : whole - passed, passed, over: false };
    }
    passed -= whole;
    index += 1;
  }
  return { index: drills.length, ready: false, left_ms: 0, passed, over: true };
}

// Where a drill stands `inside` seconds after its begin: {set, part}; part is "left", "right", "rest" or "" (both feet).
// The left foot has the first half of a set's work, the right foot the second. Pure.
export function within(drill, inside) {
  const long = drill.seconds / drill.sets;
  const set = Math.min(drill.sets, 1 + Math.floor(inside / long));
  const passed = inside - (set - 1) * long;
  const work = long - (drill.rest_s ?? 0);
  if (passed >= work && drill.rest_s && set < drill.sets) return { set, part: "rest" };
  return { set, part: drill.per_side ? (passed < work / 2 ? "left" : "right") : "" };
}

function build(root) {
  const make = (name, cls, parent, text) => {
    const node = document.createElement(name);
    if (cls) node.className = cls;
    if (text) node.textContent = text;
    parent.append(node);
    return node;
  };
  const box = make("section", "player", root);
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-modal", "true");
  box.tabIndex = -1;
  const top = make("div", "top", box);
  const count = make("p", "count", top);
  const close = make("button", "quiet", top);
  const bar = make("div", "bar", box);
  const ring = make("div", "ring", box);
  ring.innerHTML = '<svg viewBox="0 0 120 120" aria-hidden="true"><circle class="track" cx="60" cy="60" r="54"/>' +
    '<circle class="done" cx="60" cy="60" r="54" pathLength="100" transform="rotate(-90 60 60)"/></svg>';
  const clock = make("p", "clock", ring);
  const phase = make("p", "phase", ring);
  const words = make("div", "words", box);
  const name = make("h3", "", words);
  const dose = make("p", "dose", words);
  const how = make("p", "how", words);
  const cue = make("p", "cue", words);
  const breath = make("p", "breath", words);
  const stop = make("p", "stop", words);
  const live = make("p", "hidden", box);
  live.setAttribute("aria-live", "polite");
  const next = make("p", "next", box);
  const row = make("div", "row", box);
  const back = make("button", "side", row);
  const go = make("button", "main", row);
  const skip = make("button", "side", row);
  const end = make("div", "end", box);
  const hurts = make("button", "part", end);
  const part = make("button", "part", end);
  return { box, count, close, bar, ring, clock, phase, words, name, dose, how, cue, breath, stop, live, next, row, back, go, skip, hurts, part,
           circle: ring.querySelector(".done") };
}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector("#player-root") ?? parentElement;
  const id = `springstep:play:${data.prescription_id}`;
  const say = data.words;
  const drills = data.drills;
  let state = kept(id);
  if (state && data.heard.includes(state.session)) { // its answer arrived, or it was taken back
    forget(id);
    state = null;
  }
  if (!drills.length) return; // only there to forget
  const ui = root.__player ?? (root.__player = build(root));
  ui.leave?.(); // drawn anew: what the last one knew may be over
  if (!state) {
    const now = Date.now();
    state = { session: uuid(), command: uuid(), began: now, drill_began: now, index: 0, paused_at: null, finished: null };
    keep(id, state);
  }
  let lock = null;
  const awake = () => { navigator.wakeLock?.request("screen").then((l) => { lock = l; }, () => {}); };
  let told = "";
  const tell = (text) => { if (text !== told) { told = text; ui.live.textContent = text; } };

  // Once, and again only when no answer came: a page that is drawn anew meanwhile reports nothing.
  const report = () => {
    const now = Date.now();
    if (now - (reported[state.session] ?? 0) < ANSWER_MS) return;
    reported[state.session] = now;
    setTriggerValue("finished", {
      command_id: state.command, session_id: state.session, state: state.finished.state,
      minutes: state.finished.minutes, at_ms: state.finished.at, drill: state.finished.drill ?? null,
    });
  };
  const finish = (how) => {
    if (state.finished) return;
    ui.asking = false;
    const at = standing(state, drills, Date.now());
    const planned = drills.reduce((sum, d, i) => sum + (i < at.index ? d.seconds : 0), 0);
    const inside = at.over ? 0 : Math.max(0, (at.passed - CHANGE_MS) / 1000);
    const minutes = how === "done" ? data.minutes
      : how === "hurts" && at.index === 0 ? 0 // not one drill was done: that is a skip
      : Math.max(0.5, Math.round((planned + inside) / 6) / 10);
    const drill = how === "hurts" && !at.over ? drills[at.index]?.id : null;
    state.finished = { state: how, minutes, at: Date.now(), drill };
    keep(id, state);
    lock?.release?.();
    draw();
  };
  const jump = (to) => {
    state.index = Math.max(0, Math.min(drills.length, to));
    state.drill_began = Date.now();
    state.paused_at = null;
    keep(id, state);
    draw();
  };
  const toggle = () => {
    const now = Date.now();
    if (state.paused_at) {
      state.drill_began += now - state.paused_at;
      state.paused_at = null;
    } else {
      state.paused_at = now;
    }
    keep(id, state);
    draw();
  };

  // One tap too many must not end it: it stands still and asks.
  const ask = (asking) => {
    ui.asking = asking;
    if (Boolean(state.paused_at) !== asking) toggle();
    draw();
  };

  function draw() {
    const now = Date.now();
    const at = standing(state, drills, now);
    ui.box.setAttribute("aria-label", data.title);
    ui.close.textContent = say.close;
    const stretch = drills.map((d, i) => {
      const share = i < at.index ? 1 : i > at.index || at.over ? (at.over ? 1 : 0)
        : Math.max(0, Math.min(1, (at.passed - CHANGE_MS) / (d.seconds * 1000)));
      return `<i style="flex:${d.seconds}"><b style="width:${(share * 100).toFixed(1)}%"></b></i>`;
    }).join("");
    if (ui.bar.innerHTML !== stretch) ui.bar.innerHTML = stretch;
    const asked = at.over || state.finished;
    ui.box.classList.toggle("over", Boolean(asked || ui.asking));
    ui.part.hidden = ui.hurts.hidden = !!state.finished;
    ui.hurts.textContent = say.hurts;
    if (state.finished) report();
    if (asked) {
      ui.count.textContent = data.title;
      ui.clock.textContent = "✓";
      ui.phase.textContent = "";
      ui.circle.style.strokeDashoffset = 0;
      ui.name.textContent = state.finished ? say.sending : say.over;
      ui.dose.textContent = ui.cue.textContent = ui.breath.textContent = ui.stop.textContent = ui.next.textContent = "";
      ui.how.textContent = state.finished ? "" : say.over_more;
      ui.back.hidden = ui.skip.hidden = true;
      ui.go.hidden = Boolean(state.finished);
      ui.go.textContent = say.done;
      ui.part.textContent = say.partly;
      tell(ui.name.textContent);
      return;
    }
    if (ui.asking) {
      ui.name.textContent = say.end_ask;
      ui.dose.textContent = ui.how.textContent = ui.cue.textContent = ui.breath.textContent = "";
      ui.stop.textContent = ui.next.textContent = "";
      ui.back.hidden = ui.skip.hidden = true;
      ui.go.hidden = false;
      ui.go.textContent = say.end_yes;
      ui.part.textContent = say.end_no;
      tell(say.end_ask);
      return;
    }
    const drill = drills[at.index];
    const seconds = Math.ceil(at.left_ms / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (ui.clock.textContent !== clock) ui.clock.textContent = clock;
    const inside = Math.max(0, at.passed - CHANGE_MS);
    const { set, part } = within(drill, inside / 1000);
    const of = drill.sets > 1 ? say.set.replace("{n}", set).replace("{of}", drill.sets) : "";
    const now_is = part ? say[part] : "";
    ui.phase.textContent = state.paused_at ? say.paused : at.ready ? say.ready : [now_is, of].filter(Boolean).join("\n");
    const side = `${at.index}:${set}:${part}`;
    if (!at.ready && !state.paused_at && ui.side !== side) {
      if (ui.side && part) navigator.vibrate?.(120); // the other foot, or a rest: felt without looking
      ui.side = side;
    }
    const share = at.ready ? 0 : 1 - at.left_ms / (drill.seconds * 1000);
    ui.circle.style.strokeDashoffset = 100 - 100 * share;
    ui.count.textContent = say.count.replace("{n}", at.index + 1).replace("{of}", drills.length);
    ui.name.textContent = drill.name;
    ui.dose.textContent = drill.dose;
    ui.how.textContent = drill.how;
    ui.cue.textContent = drill.cue ? `“${drill.cue}”` : "";
    ui.breath.textContent = drill.breath;
    ui.stop.textContent = drill.stop;
    ui.next.textContent = at.index + 1 < drills.length ? say.next_is.replace("{name}", drills[at.index + 1].name) : say.last;
    ui.back.hidden = ui.skip.hidden = ui.go.hidden = false;
    ui.back.textContent = say.back; ui.back.disabled = at.index === 0;
    ui.go.textContent = state.paused_at ? say.go_on : say.pause;
    ui.skip.textContent = say.next;
    ui.part.textContent = say.end_here;
    const begins = `${ui.count.textContent}: ${drill.name}, ${drill.dose}`;
    tell(at.ready || !part ? begins : `${drill.name}: ${now_is}`);
  }

  ui.back.onclick = () => jump(standing(state, drills, Date.now()).index - 1);
  ui.skip.onclick = () => jump(standing(state, drills, Date.now()).index + 1);
  ui.go.onclick = () => (standing(state, drills, Date.now()).over ? finish("done") : ui.asking ? finish("partial") : toggle());
  ui.part.onclick = () => (standing(state, drills, Date.now()).over ? finish("partial") : ask(!ui.asking));
  ui.hurts.onclick = () => finish("hurts");
  ui.close.onclick = () => { if (!state.paused_at && !state.finished) toggle(); setTriggerValue("closed", Date.now()); };

  awake();
  draw();
  if (!ui.shown) { ui.shown = true; ui.box.focus({ preventScroll: true }); }
  const timer = setInterval(draw, 250);
  document.addEventListener("visibilitychange", draw);
  ui.leave = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", draw);
    lock?.release?.();
  };
  return ui.leave;
}
