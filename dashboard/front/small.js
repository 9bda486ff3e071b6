// What is tapped is kept in this browser until the server says that it is stored; without this script the form simply
// posts. Works on plain HTTP; over HTTPS a worker also opens the page while the server is away.
const KEY = 'springstep:waits';
const page = document.querySelector('main');
const say = page.dataset;
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
const queue = () => read(KEY) ?? [];
const keep = (all) => write(KEY, all);
const notice = document.querySelector('#notice');
const tell = (text, wrong = false) => {
  notice.hidden = !text;
  notice.textContent = text;
  notice.classList.toggle('x', wrong);
};
const add = (parent, name, values) => parent.append(' ', Object.assign(document.createElement(name), values));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

let sending = false;
let held = ''; // why nothing can be sent just now: "out", or "other" runner
async function send() {
  if (sending) return;
  sending = true;
  held = '';
  try {
    for (const one of queue()) {
      if (one.runner !== say.runner || one.wrong) continue;
      let answer;
      try {
        answer = await fetch(one.to, {
          method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(one.fields),
          signal: AbortSignal.timeout?.(15000), // a phone that slept may wait for ever
        });
      } catch { break; }
      if (answer.status === 401 || answer.redirected) { held = 'out'; break; }
      if (answer.status === 409 || answer.status === 422) {
        const { says, whose } = await answer.json().catch(() => ({}));
        if (whose) { held = whose; break; }
        keep(queue().map((each) => (each.key === one.key ? { ...each, wrong: says || say.refused } : each)));
        continue;
      }
      if (!answer.ok) break;
      const said = await answer.json().catch(() => null);
      if (!said) break;
      keep(queue().filter((each) => each.key !== one.key));
      if (one.key === mine && said.next) { location.replace(said.next); return; }
    }
  } finally { sending = false; show(); }
}

function show() {
  const all = queue();
  const own = all.filter((one) => one.runner === say.runner && !one.wrong);
  const wrong = all.find((one) => one.runner === say.runner && one.wrong);
  if (wrong) {
    tell(`${wrong.wrong} (${wrong.shown})`, true);
    add(notice, 'button', {
      textContent: say.drop, type: 'button',
      onclick: () => { keep(queue().filter((each) => each.key !== wrong.key)); show(); },
    });
  } else if (own.length && held) {
    tell(fill(held === 'out' ? say.signIn : say.otherNow, say), true);
    if (held === 'out') add(notice, 'a', { href: `./sign-in?next=${encodeURIComponent(say.path)}`, textContent: say.signInLink });
  } else if (own.length) tell(fill(own.length === 1 ? say.waitsOne : say.waits, { n: own.length, what: own.map((one) => one.shown).join(', ') }));
  else tell('');
  const names = all.filter((one) => one.runner !== say.runner).map((one) => one.name);
  const line = document.querySelector('#others');
  line.hidden = !names.length;
  line.textContent = [...new Set(names)].map((name) => {
    const n = names.filter((one) => one === name).length;
    return fill(n === 1 ? say.othersOne : say.others, { n, name });
  }).join(' ');
}

let mine = null;
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    fields.at_ms = String(Date.now());
    const one = { key: fields.command, to: form.getAttribute('action'), runner: say.runner, name: say.name, fields, shown: event.submitter?.dataset.shown ?? '' };
    if (!keep([...queue().filter((each) => each.key !== one.key), one])) return; // no storage: the form posts by itself
    event.preventDefault();
    mine = one.key;
    for (const button of document.querySelectorAll('form button')) button.setAttribute('aria-pressed', String(button === event.submitter));
    show();
    send();
  });
}
// A day or a kind is chosen here, not fetched: that works while the server is away too.
for (const link of document.querySelectorAll('nav a[data-sets]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const [name, value] = link.dataset.sets.split(':');
    for (const form of document.forms) if (form.elements[name]) form.elements[name].value = value;
    for (const one of link.parentElement.children) one.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    const here = new URL(location);
    here.searchParams.set(name, value);
    history.replaceState(null, '', here);
    if (name !== 'what') return;
    if (link.dataset.asks) document.querySelector('h1').textContent = link.dataset.asks;
    for (const one of document.querySelectorAll('[data-for]')) one.hidden = one.dataset.for !== value;
    for (const one of document.querySelectorAll('.s button')) one.dataset.shown = `${link.textContent} ${one.value}`;
  });
}
addEventListener('online', send);
addEventListener('visibilitychange', send);
setInterval(send, 10000);
show();
send();

if (!say.away) { // for the frame that opens while the server is away: whose it is, and what they were to do
  write('springstep:who', { runner: say.runner, name: say.name });
  const work = document.querySelector('#work');
  if (work) write('springstep:work', { runner: say.runner, day: new Date().toDateString(), html: work.innerHTML });
}
if (location.protocol === 'https:') {
  for (const at of ['log', 'done']) navigator.serviceWorker?.register('./small-worker.js', { scope: `./${at}` }).catch(() => {});
} else if (!read('springstep:told')) {
  document.querySelector('#https').hidden = !write('springstep:told', 1);
}
