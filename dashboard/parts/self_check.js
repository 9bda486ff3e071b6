// One question a screen. Answers and place stay in this browser until the server says that they are stored.
const KEEP_MS = 7 * 24 * 3600 * 1000; // feet change: older answers are not taken up again
const AGAIN_MS = 20000; // so long one report is left alone before it is made again

const uuid = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  const h = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};
const fresh = () => ({ id: uuid(), command: uuid(), began: Date.now(), at: 0, answers: {}, finished: false });
const read = (key) => {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.began < KEEP_MS ? kept : null;
  } catch { return null; }
};

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ss-check");
  const say = data.words;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let state = read(data.keep) ?? root.__state ?? fresh();
  if (data.heard.includes(state.id)) {
    try { localStorage.removeItem(data.keep); } catch { /* private mode */ }
    root.__state = null;
    root.replaceChildren();
    return;
  }
  root.__state = state;
  const keep = () => { try { localStorage.setItem(data.keep, JSON.stringify(state)); } catch { /* private mode */ } };
  const make = (name, cls, parent, text) => {
    const node = document.createElement(name);
    if (cls) node.className = cls;
    if (text !== undefined) node.textContent = text;
    parent?.append(node);
    return node;
  };
  const report = () => {
    const now = Date.now();
    if (now - (root.__told ?? 0) < AGAIN_MS) return;
    root.__told = now;
    setTriggerValue("finished", { id: state.id, command: state.command, answers: state.answers });
  };
  const go = (to) => { state.at = to; keep(); draw(true); };

  function choices(parent, name, options, label) {
    const group = make("div", "ss-options", parent);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    for (const [value, text] of options) {
      const one = make("button", "", group, text);
      one.type = "button";
      one.setAttribute("aria-pressed", String(state.answers[name] === value));
      one.onclick = () => {
        if (state.answers[name] === value) delete state.answers[name]; else state.answers[name] = value;
        keep();
        draw();
      };
    }
    if (options.length === 11) group.classList.add("scale");
  }

  function number(parent, name, most, label) {
    const input = make("input", "", make("div", "ss-field ss-field-time", parent));
    input.type = "number";
    input.inputMode = "decimal";
    input.min = 0;
    input.max = most;
    input.setAttribute("aria-label", label);
    input.value = state.answers[name] ?? "";
    input.oninput = () => {
      const value = Number(input.value);
      if (input.value === "" || !(value >= 0 && value <= most)) delete state.answers[name]; else state.answers[name] = value;
      keep();
      label_go();
    };
  }

  let label_go = () => {};
  function draw(moved = false) {
    root.replaceChildren();
    const screens = data.screens;
    if (state.finished) {
      make("p", "ss-says", root, say.sending).setAttribute("role", "status");
      report();
      return;
    }
    state.at = Math.max(0, Math.min(screens.length - 1, state.at));
    const one = screens[state.at];
    const left_s = screens.slice(state.at).reduce((sum, each) => sum + each.seconds, 0);
    const bar = make("div", "ss-check-bar", root);
    make("i", "", bar).style.width = `${(100 * state.at) / screens.length}%`;
    make("p", "ss-quiet", root, [
      fill(say.count, { n: state.at + 1, of: screens.length }), fill(say.left_over, { n: Math.ceil(left_s / 60) }),
    ].join(" · "));
    const title = make("h2", "ss-title", root, one.says);
    title.tabIndex = -1;
    if (one.picture) make("div", "ss-check-picture", root).innerHTML = one.picture; // a file of ours
    for (const [side, name] of one.sides) {
      const field = side ? `${one.id}:${side}` : one.id;
      if (name) make("p", "ss-label", root, name);
      const label = name || one.says;
      if (one.kind === "number") number(root, field, one.most, label);
      else choices(root, field, one.kind === "score" ? [...Array(11).keys()].map((n) => [n, String(n)]) : one.choices, label);
    }
    make("p", "ss-quiet", root, one.use);
    const last = state.at === screens.length - 1;
    const row = make("div", "ss-check-row", root);
    const back = make("button", "", row, say.back);
    back.disabled = state.at === 0;
    back.onclick = () => go(state.at - 1);
    const onward = make("button", "main", row);
    const why = make("p", "ss-quiet", root);
    label_go = () => {
      const told = one.sides.some(([side]) => (side ? `${one.id}:${side}` : one.id) in state.answers);
      const empty = Object.keys(state.answers).length === 0;
      onward.textContent = last ? say.store : told ? say.next : say.skip;
      onward.classList.toggle("main", last || told);
      onward.disabled = last && empty;
      why.textContent = last && empty ? say.nothing : empty ? "" : say.kept;
    };
    label_go();
    onward.onclick = () => {
      if (!last) { go(state.at + 1); return; }
      state.finished = true;
      keep();
      draw();
    };
    for (const button of row.children) button.type = "button";
    if (moved) title.focus({ preventScroll: true });
  }
  draw();
  const timer = setInterval(() => { if (state.finished) report(); }, 5000);
  return () => clearInterval(timer);
}
