// Sends files one after the other, each in one POST, with its progress and a way to stop it. What is under way outlives
// a redraw of the page: it is kept beside the component, which may be put up anew meanwhile.
const work = (globalThis.__springstep_uploads ??= { queue: [], sent: [], current: null, report: null, draw: null });

const megabytes = (bytes) => `${(bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0)} MB`;

function ask(path, name, file) {
  const query = new URLSearchParams({ ...path.params, name, bytes: file.size });
  return fetch(`${path.room}?${query}`).then(async (answer) => (answer.ok ? null : (await answer.json()).says));
}

function send(path, item) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    item.stop = () => request.abort();
    request.open("POST", `${path.upload}?${new URLSearchParams({ ...path.params, name: item.name })}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => { item.done = event.loaded; work.draw?.(); };
    // All of it is on its way: from here on nothing can be called back.
    request.upload.onload = () => { item.whole = true; work.draw?.(); };
    request.onload = () => {
      try { resolve({ ok: request.status === 200, ...JSON.parse(request.responseText) }); }
      catch { resolve({ ok: false }); }
    };
    request.onerror = () => resolve({ ok: false });
    request.onabort = () => resolve({ stopped: true });
    request.send(item.file);
  });
}

async function run(path) {
  while (work.queue.length) {
    const item = (work.current = work.queue.shift());
    work.draw?.();
    let answer;
    try {
      const refused = await ask(path, item.name, item.file);
      answer = refused ? { ok: false, says: refused } : item.stopped ? { stopped: true } : await send(path, item);
    } catch { answer = { ok: false }; }
    if (!answer.stopped) work.sent.push({ name: item.name, task: answer.task ?? null, says: answer.says ?? "" });
  }
  work.current = null;
  work.draw?.();
  const sent = work.sent.splice(0);
  if (sent.length) work.report?.(sent);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".upload");
  const { words, path } = data;
  work.report = (sent) => setTriggerValue("sent", sent);
  if (!root.firstChild) {
    root.innerHTML = '<label class="pick"><span></span><input type="file" multiple></label><p class="hint"></p>' +
      '<div class="now" hidden><p role="status"></p><progress max="1" value="0"></progress><button type="button"></button></div>';
  }
  const [label, input, hint, now] = [".pick span", "input", ".hint", ".now"].map((one) => root.querySelector(one));
  const [says, bar, stop] = ["p", "progress", "button"].map((one) => now.querySelector(one));
  label.textContent = words.pick;
  hint.textContent = words.hint;
  stop.textContent = words.cancel;
  bar.setAttribute("aria-label", words.sending);
  work.draw = () => {
    const item = work.current;
    now.hidden = !item;
    if (!item) return;
    const more = work.queue.length ? ` (+${work.queue.length})` : "";
    says.textContent = `${item.name}: ${megabytes(item.done)} / ${megabytes(item.file.size)}${more}`;
    stop.hidden = Boolean(item.whole);
    bar.value = item.file.size ? item.done / item.file.size : 1;
  };
  stop.onclick = () => {
    work.queue.splice(0);
    if (work.current) { work.current.stopped = true; work.current.stop?.(); }
  };
  const take = (files) => {
    for (const file of files) work.queue.push({ name: file.name, file, done: 0 });
    if (!work.current) run(path);
  };
  input.onchange = () => { take([...input.files]); input.value = ""; };
  root.ondragover = (event) => event.preventDefault();
  root.ondrop = (event) => { event.preventDefault(); take([...event.dataTransfer.files]); };
  work.draw();
}
