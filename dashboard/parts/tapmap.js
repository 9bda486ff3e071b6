// Shows trusted HTML from the page's own code and reports which part was tapped or chosen by keyboard.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".tapmap");
  if (root.innerHTML !== data.html) {
    const held = root.contains(document.activeElement) ? document.activeElement.dataset.pick : null;
    root.innerHTML = data.html;
    if (held) root.querySelector(`[data-pick="${CSS.escape(held)}"]`)?.focus();
  }
  const pick = (event) => {
    const target = event.target.closest("[data-pick]");
    if (target && root.contains(target)) setTriggerValue("picked", target.dataset.pick);
  };
  root.onclick = pick;
  root.onkeydown = (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.closest("[role=button][data-pick]")) {
      event.preventDefault();
      pick(event);
    }
  };
}
