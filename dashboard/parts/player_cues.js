// What is heard and felt: tones made in code, vibration, and the phone's own voice. Each has its switch, remembered in
// this browser; the voice is off at first. A cue that was missed is not caught up: the clock is right, not the sound.
const LATE_MS = 700; // a cue this late is left out: the phone slept, or the page was frozen
const SWITCHES = { sound: true, vibration: true, voice: false };
const TONES = { // what is played: [hertz, seconds after the cue, seconds long]
  count: [[660, 0, 0.09]],
  start: [[880, 0, 0.22]],
  ready: [],
  set: [[740, 0, 0.1], [740, 0.16, 0.1]],
  rest: [[494, 0, 0.18]],
  side: [[520, 0, 0.12], [780, 0.16, 0.2]],
  end: [[880, 0, 0.12], [660, 0.16, 0.12], [440, 0.32, 0.25]],
};
const BUZZ = { ready: 0, count: 30, start: 120, set: [60, 60, 60], rest: 60, side: [120, 80, 120], end: 300 };

const chosen = () => {
  try { return { ...SWITCHES, ...JSON.parse(localStorage.getItem("springstep:cues") ?? "{}") }; } catch { return { ...SWITCHES }; }
};
const choose = (name, on) => {
  const all = { ...chosen(), [name]: on };
  try { localStorage.setItem("springstep:cues", JSON.stringify(all)); } catch { /* private mode */ }
  return all;
};

// What happens when in one drill, in seconds after its work begins: the work of each set and foot, and the rests. Pure.
export function parts_of(drill) {
  const sides = drill.per_side ? ["left", "right"] : [null];
  const rest_s = Math.min(drill.rest_s ?? 0, drill.seconds / drill.sets / 2);
  const work_s = (drill.seconds / drill.sets - rest_s) / sides.length;
  const found = [];
  let at_s = 0;
  for (let set = 1; set <= drill.sets; set++) {
    for (const side of sides) {
      found.push({ at_s, long_s: work_s, set, side, rep_s: drill.reps ? work_s / drill.reps : 0, rest: false });
      at_s += work_s;
    }
    if (rest_s > 0) found.push({ at_s, long_s: rest_s, set, side: null, rep_s: 0, rest: true });
    at_s += rest_s;
  }
  return found;
}

// Every cue of one drill with its instant, in milliseconds after the drill's turn began. Pure.
export function cues(drill, change_ms) {
  const found = [{ at: 0, kind: "ready" }];
  for (const left of [3, 2, 1]) found.push({ at: change_ms - left * 1000, kind: "count" });
  parts_of(drill).forEach((part, n, all) => {
    const changes = n > 0 && part.side && all[n - 1].side && part.side !== all[n - 1].side;
    const kind = n === 0 ? "start" : part.rest ? "rest" : changes ? "side" : "set";
    found.push({ at: change_ms + part.at_s * 1000, kind, side: part.side });
  });
  return found;
}

// The cues that are due now: those between the last look and this one, but for what came too late. Pure.
export const due = (all, before_ms, now_ms) =>
  all.filter((cue) => cue.at > before_ms && cue.at <= now_ms && now_ms - cue.at <= LATE_MS);

// Only voices that live in the phone: a remote one would send the words away.
export const own_voice = (voices, language) =>
  voices.find((voice) => voice.localService === true && voice.lang.replace("_", "-").toLowerCase().startsWith(language)) ?? null;

let audio = null;
const wake = () => {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Context) return;
  audio ??= new Context();
  if (audio.state !== "running") audio.resume().catch(() => {});
};

const play = (kind) => {
  if (audio?.state !== "running") return;
  for (const [hertz, after, long] of TONES[kind]) {
    const tone = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + after;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.3, at + 0.015);
    volume.gain.setValueAtTime(0.3, at + long);
    volume.gain.linearRampToValueAtTime(0, at + long + 0.05);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + long + 0.1);
  }
};

const speak = (text, language) => {
  const voice = own_voice(globalThis.speechSynthesis?.getVoices() ?? [], language);
  if (!voice || !text) return;
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  said.rate = 0.95;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
};

// The switches, drawn into `root`, and what tells a cue. `say` holds the words, `language` is the page's.
function senses(root, say, language) {
  let on = chosen();
  const buttons = {};
  const note = document.createElement("p");
  note.className = "senses-note";
  const voices = () => globalThis.speechSynthesis?.getVoices() ?? [];
  const able = {
    sound: () => Boolean(globalThis.AudioContext ?? globalThis.webkitAudioContext),
    vibration: () => typeof navigator.vibrate === "function",
    voice: () => own_voice(voices(), language) !== null,
  };
  const draw = () => {
    for (const [name, button] of Object.entries(buttons)) {
      button.hidden = !able[name]();
      button.setAttribute("aria-pressed", String(on[name]));
      button.textContent = `${on[name] ? "●" : "○"} ${say[name]}`;
    }
    const notes = [];
    if (on.sound && /iP(hone|ad|od)/.test(navigator.userAgent)) notes.push(say.silent_switch);
    if (!able.voice()) notes.push(say.no_voice);
    if (!navigator.wakeLock) notes.push(say.stay_on);
    note.textContent = notes.join(" ");
  };
  for (const name of Object.keys(SWITCHES)) {
    const button = document.createElement("button");
    button.className = "sense";
    button.dataset.sense = name;
    button.onclick = () => { on = choose(name, !on[name]); if (name === "sound") wake(); draw(); };
    buttons[name] = button;
    root.append(button);
  }
  root.append(note);
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", draw);
  draw();
  return {
    wake: () => { if (on.sound) wake(); },
    tell: (kind, words) => {
      if (on.sound) { wake(); play(kind); }
      if (on.vibration && BUZZ[kind]) navigator.vibrate?.(BUZZ[kind]);
      if (on.voice && words) speak(words, language);
    },
    leave: () => {
      globalThis.speechSynthesis?.removeEventListener?.("voiceschanged", draw);
      globalThis.speechSynthesis?.cancel?.();
    },
  };
}
