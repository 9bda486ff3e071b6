// The small pages while the server is away: the frame comes from the browser's cache, the runner from what this browser
// remembers. What is tapped then waits as ever.
const remembered = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const uuid = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};
const frame = document.querySelector('main');
const who = remembered('springstep:who');
const asked = new URLSearchParams(location.search);
if (who) {
  Object.assign(frame.dataset, who);
  const work = document.querySelector('#work');
  const kept = remembered('springstep:work');
  if (work && kept?.runner === who.runner && kept.day === new Date().toDateString()) work.innerHTML = kept.html; // a page of ours
} else {
  document.querySelector('#nobody').hidden = false;
  document.querySelector('#away').hidden = true;
  document.querySelectorAll('form, nav').forEach((one) => one.remove());
}
const filled = { what: asked.get('what') ?? 'stiffness', day: asked.get('day') ?? 'today' };
for (const form of document.querySelectorAll('form[data-blank]')) {
  const values = { runner: who.runner, entry: uuid(), command: uuid(), ...filled };
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
}
for (const link of document.querySelectorAll('nav a[data-sets]')) {
  const [name, value] = link.dataset.sets.split(':');
  if (filled[name] === value) link.setAttribute('aria-current', 'true');
  link.search = new URLSearchParams({ ...filled, [name]: value });
}
for (const one of document.querySelectorAll('[data-for]')) one.hidden = one.dataset.for !== filled.what;
