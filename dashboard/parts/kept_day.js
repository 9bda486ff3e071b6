// The day that was tapped for an entry, kept in this browser until the entry is stored for it: also a tap that the server
// never saw. Shows nothing.
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, kept) => { try { kept ? localStorage.setItem(key, JSON.stringify(kept)) : localStorage.removeItem(key); } catch { /* private mode */ } };

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ss-typed");
  const [today] = data.days;
  if (data.begun) write(data.keep.replace(/[^:]*$/, "new"), null);
  let kept = read(data.keep);
  // "Yesterday" means another day tomorrow; and what the server has stored need not be kept.
  if (kept && (kept.on !== today || (data.stored && kept.day === data.day))) { write(data.keep, null); kept = null; }
  if (root.__visit !== data.visit) root.__owes = kept;
  if (root.__owes?.day === data.day) root.__owes = null;
  // Told until the page shows it: a page that is still being drawn may miss the first word.
  root.__tell = () => { if (root.__owes) setTriggerValue("kept", root.__owes.day); };
  if (root.__visit !== data.visit) {
    root.__tell();
    for (const ms of [2000, 5000, 10000]) setTimeout(() => root.__tell(), ms);
  }
  root.__visit = data.visit;
  const tapped = (event) => {
    const place = event.target.closest?.(`[class*="st-key-day-chips-${data.of}"]`);
    const chip = event.target.closest?.("[role=radio]"), picked = event.target.closest?.("[data-pick]")?.dataset.pick;
    if (!place || (!chip && !picked)) return;
    const day = chip ? data.days[[...chip.closest("[role=radiogroup]").querySelectorAll("[role=radio]")].indexOf(chip)] : picked;
    if (!day || day.length !== today.length) return; // a month to look at, or "another day", whose month opens first
    root.__owes = null;
    write(data.keep, { day, on: today });
  };
  document.addEventListener("click", tapped, true);
  return () => document.removeEventListener("click", tapped, true);
}
