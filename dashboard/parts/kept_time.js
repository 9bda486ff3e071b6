// The time of a run that is being planned, kept in this browser with its day until the plan is stored.
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, kept) => { try { kept ? localStorage.setItem(key, JSON.stringify(kept)) : localStorage.removeItem(key); } catch { /* private mode */ } };

function build(root) {
  const label = document.createElement("label");
  const name = document.createElement("span");
  const input = document.createElement("input");
  label.className = "ss-field ss-field-time";
  input.type = "time";
  label.append(name, input);
  root.append(label);
  return { name, input };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ss-typed");
  const ui = root.__ui ?? (root.__ui = build(root));
  ui.name.textContent = data.label;
  if (data.sent && data.sent !== root.__sent) write(data.keep, null);
  root.__sent = data.sent;
  let kept = read(data.keep);
  if (kept && kept.day < data.first) { write(data.keep, null); kept = null; }
  if (!root.__ready) {
    root.__owes = kept;
    root.__day = data.day;
  }
  const shown = root.__owes && root.__owes.time === data.time && root.__owes.day === data.day;
  if (shown || data.day !== root.__day) root.__owes = null;
  root.__day = data.day;
  if (kept && root.__ready && !root.__owes && kept.day !== data.day) write(data.keep, { ...kept, day: data.day });
  if (document.activeElement !== ui.input) ui.input.value = (root.__owes ?? data).time;
  // What an earlier visit left is told until the page shows it: a page that is still being drawn may miss the first word.
  root.__tell = () => { if (root.__owes) setTriggerValue("kept", root.__owes); };
  if (!root.__ready) {
    root.__tell();
    for (const ms of [2000, 5000, 10000]) setTimeout(() => root.__tell(), ms);
  }
  root.__ready = true;
  ui.input.oninput = () => {
    const time = ui.input.value;
    root.__owes = null;
    write(data.keep, time ? { day: data.day, time } : null);
    setTriggerValue("kept", { day: data.day, time });
  };
}
