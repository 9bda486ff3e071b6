// Guides through the drills one by one. Where it stands is never counted, only reckoned: from the instant the current
// drill began, kept in localStorage, so a locked phone, a reload or a restarted server changes nothing.
const CHANGE_MS = 5000; // time to read the next drill's name and get into place
const SIDES_S = 2; // so long "change sides" stands
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

// The openings that the page has closed: a player of one, put up once more with what it was given before, begins nothing.
const over = (globalThis.__springstep_over ??= new Set());

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
  const picture = make("div", "picture", box);
  const beat = make("div", "beat", box);
  const dot = make("span", "dot", beat);
  dot.setAttribute("aria-hidden", "true");
  const clock = make("p", "clock", beat);
  const phase = make("p", "phase", beat);
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
  const switches = make("div", "senses", box);
  const after = make("p", "after", root); // what stands in its place once it has closed, until the page has the answer
  after.setAttribute("role", "status");
  return { box, after, count, close, bar, picture, dot, switches, clock, phase, words, name, dose, how, cue, breath, stop, live, next, row, back, go, skip, hurts, part };
}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector("#player-root") ?? parentElement;
  const id = `springstep:play:${data.prescription_id}`;
  const say = data.words;
  const drills = data.drills;
  let state = kept(id);
  const heard_now = state && (data.heard.includes(state.session) || data.heard.includes("*"));
  if (heard_now) { // its answer arrived, or it was taken back
    forget(id);
    state = null;
  }
  if (!drills.length) { // only there to forget
    over.add(data.opened);
    return;
  }
  const ui = root.__player ?? (root.__player = build(root));
  ui.closed = false;
  ui.leave?.(); // drawn anew: what the last one knew may be over
  if (!state && !heard_now && over.has(data.opened)) { // drawn late: the page is about to take it away
    ui.box.hidden = true;
    return;
  }
  if (!state) {
    const now = Date.now();
    state = { session: uuid(), command: uuid(), began: now, drill_began: now, index: 0, paused_at: null, finished: null };
    keep(id, state);
  }
  let lock = null;
  const awake = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").then((l) => { lock = l; }, () => {});
  };
  ui.switches.replaceChildren();
  const sense = senses(ui.switches, say, data.language);
  let heard = { index: -1, passed: 0 }; // up to where cues were told

  // What has come due since the last look; what was jumped over or slept through stays silent.
  const cue = (at) => {
    if (state.paused_at || state.finished || ui.asking) { heard = { index: at.index, passed: at.passed }; return; }
    if (at.index !== heard.index) {
      if (at.index === heard.index + 1 && heard.index >= 0 && at.passed <= LATE_MS) sense.tell("end", at.over ? say.over : "");
      heard = { index: at.index, passed: -1 };
    }
    const drill = drills[at.index];
    if (drill) {
      for (const one of due(cues(drill, CHANGE_MS), heard.passed, at.passed)) {
        const foot = one.side ? say[`${one.side}_foot`] : "";
        sense.tell(one.kind, one.kind === "ready" ? `${drill.name}. ${drill.dose}` : one.kind === "start" ? `${foot} ${drill.cue}`.trim()
          : one.kind === "side" ? foot : one.kind === "rest" ? say.rest : "");
      }
    }
    heard.passed = at.passed;
  };
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
    heard = { index: -1, passed: 0 };
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
    cue(at);
    ui.box.setAttribute("aria-label", data.title);
    ui.close.textContent = say.close;
    const stretch = drills.map((d, i) => {
      const share = i < at.index ? 1 : i > at.index || at.over ? (at.over ? 1 : 0)
        : Math.max(0, Math.min(1, (at.passed - CHANGE_MS) / (d.seconds * 1000)));
      return `<i style="flex:${d.seconds}"><b style="width:${(share * 100).toFixed(1)}%"></b></i>`;
    }).join("");
    if (ui.bar.innerHTML !== stretch) ui.bar.innerHTML = stretch;
    ui.box.classList.toggle("over", Boolean(at.over || ui.asking));
    ui.box.hidden = Boolean(state.finished || ui.closed);
    ui.after.textContent = state.finished ? say.sending : "";
    ui.hurts.textContent = say.hurts;
    ui.part.hidden = false;
    if (state.finished) {
      ui.name.textContent = say.sending;
      report();
      return;
    }
    if (at.over) {
      ui.count.textContent = data.title;
      ui.clock.textContent = "✓";
      ui.phase.textContent = "";
      ui.picture.hidden = ui.dot.hidden = true;
      ui.name.textContent = say.over;
      ui.dose.textContent = ui.cue.textContent = ui.breath.textContent = ui.stop.textContent = ui.next.textContent = "";
      ui.how.textContent = say.over_more;
      ui.back.hidden = ui.skip.hidden = true;
      ui.go.hidden = false;
      ui.go.textContent = say.done;
      ui.part.textContent = say.partly;
      ui.part.hidden = !say.partly; // what has no part that is done partly
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
    const part = show_part(drill, at);
    if (ui.drawn !== at.index) {
      ui.drawn = at.index;
      ui.picture.innerHTML = drill.drawing; // a file of ours
      ui.picture.firstElementChild?.setAttribute("aria-label", `${drill.name}. ${drill.how}`);
    }
    ui.picture.hidden = !drill.drawing;
    ui.count.textContent = say.count.replace("{n}", at.index + 1).replace("{of}", drills.length);
    ui.name.textContent = drill.name;
    ui.dose.textContent = drill.dose;
    ui.how.textContent = drill.how;
    ui.cue.textContent = drill.cue;
    ui.cue.lang = data.language; // its quotation marks
    ui.breath.textContent = drill.breath;
    ui.stop.textContent = drill.stop;
    ui.next.textContent = at.index + 1 < drills.length ? say.next_is.replace("{name}", drills[at.index + 1].name) : say.last;
    ui.back.hidden = ui.skip.hidden = ui.go.hidden = false;
    ui.back.textContent = say.back; ui.back.disabled = at.index === 0;
    ui.go.textContent = state.paused_at ? say.go_on : say.pause;
    ui.skip.textContent = say.next;
    ui.part.textContent = say.end_here;
    const begins = `${ui.count.textContent}: ${drill.name}, ${drill.dose}`;
    tell(at.ready || !part ? begins : `${drill.name}: ${say[part]}`);
  }

  // Where one stands inside the drill: set, foot, repetition, and a dot that breathes with the repetitions.
  function show_part(drill, at) {
    const inside_s = Math.max(0, at.passed - CHANGE_MS) / 1000;
    const part = parts_of(drill).findLast((one) => one.at_s <= inside_s);
    const since_s = inside_s - part.at_s;
    const said = [];
    if (drill.sets > 1) said.push(say.set.replace("{n}", part.set).replace("{of}", drill.sets));
    if (part.side) said.push(say[`${part.side}_of`]);
    if (part.rep_s) said.push(say.rep.replace("{n}", 1 + Math.min(drill.reps - 1, Math.floor(since_s / part.rep_s))).replace("{of}", drill.reps));
    ui.phase.textContent = state.paused_at ? say.paused : at.ready ? [say.ready, part.side && say[`${part.side}_foot`]].filter(Boolean).join(" · ")
      : part.rest ? say.rest
      : part.side === "right" && since_s < SIDES_S ? say.change_sides : said.join(" · ");
    ui.picture.classList.toggle("mirrored", part.side === "right");
    ui.dot.hidden = !part.rep_s || at.ready;
    const swing = part.rep_s ? 0.5 - 0.5 * Math.cos((2 * Math.PI * since_s) / part.rep_s) : 0;
    ui.dot.style.transform = `scale(${(0.45 + 0.55 * swing).toFixed(2)})`;
    return part.rest ? "rest" : part.side;
  }

  ui.back.onclick = () => jump(standing(state, drills, Date.now()).index - 1);
  ui.skip.onclick = () => jump(standing(state, drills, Date.now()).index + 1);
  ui.go.onclick = () => (standing(state, drills, Date.now()).over ? finish("done") : ui.asking ? finish("partial") : toggle());
  ui.part.onclick = () => (standing(state, drills, Date.now()).over ? finish("partial") : ask(!ui.asking));
  ui.hurts.onclick = () => finish("hurts");
  ui.close.onclick = () => {
    ui.closed = true; // at once: the page follows
    if (!state.paused_at && !state.finished) toggle(); else draw();
    setTriggerValue("closed", Date.now());
  };

  const wake = () => sense.wake();
  const seen = () => { awake(); wake(); draw(); };
  awake();
  wake();
  draw();
  if (!ui.shown) { ui.shown = true; ui.box.focus({ preventScroll: true }); }
  const timer = setInterval(draw, 250);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("pointerdown", wake); // a phone lets sound begin with a touch only
  ui.leave = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
    document.removeEventListener("pointerdown", wake);
    sense.leave();
    lock?.release?.();
  };
  return ui.leave;
}
