// A time and a note. The note is kept in this browser from the first letter until the server has the same text stored.
const IDLE_MS = 900;
const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const write = (key, text) => { try { text ? localStorage.setItem(key, text) : localStorage.removeItem(key); } catch { /* private mode */ } };

function build(root) {
  const field = (kind, cls) => {
    const label = document.createElement("label");
    const name = document.createElement("span");
    const input = document.createElement(kind);
    label.className = cls;
    label.append(name, input);
    root.append(label);
    return { name, input };
  };
  const time = field("input", "ss-field ss-field-time");
  time.input.type = "time";
  const note = field("textarea", "ss-field");
  note.input.rows = 2;
  note.input.maxLength = 300;
  const hint = document.createElement("p");
  hint.className = "ss-quiet";
  hint.setAttribute("role", "status");
  root.append(hint);
  return { time, note, hint };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ss-typed");
  const ui = root.__ui ?? (root.__ui = build(root));
  const say = data.words;
  ui.time.name.textContent = say.time;
  ui.note.name.textContent = say.note;
  const typing = document.activeElement === ui.note.input;
  let kept = read(data.keep);
  if (kept === null && data.begun) { // typed before the entry was stored under an id of its own
    const fresh = data.keep.replace(/[^:]*$/, "new");
    kept = read(fresh);
    if (kept !== null) { write(fresh, ""); write(data.keep, kept); }
  }
  if (data.stored && kept !== null && kept.trim() === data.note) { write(data.keep, ""); kept = null; }
  if (!typing) ui.note.input.value = kept ?? data.note;
  if (document.activeElement !== ui.time.input) ui.time.input.value = data.time;
  const hint = () => { ui.hint.textContent = read(data.keep) ? say.kept : ""; };
  const send = () => {
    clearTimeout(root.__idle);
    const text = ui.note.input.value;
    if (text.trim() !== data.note && text !== root.__sent) {
      root.__sent = text;
      setTriggerValue("note", { text, at: Date.now() });
    }
  };
  ui.note.input.oninput = () => {
    write(data.keep, ui.note.input.value);
    hint();
    clearTimeout(root.__idle);
    root.__idle = setTimeout(send, IDLE_MS);
  };
  ui.note.input.onchange = send;
  ui.time.input.onchange = () => { if (ui.time.input.value) setTriggerValue("time", ui.time.input.value); };
  hint();
  if (kept !== null && !typing && kept.trim() !== data.note) send();
}
