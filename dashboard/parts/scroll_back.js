// The browser's "back" finds the list where it was left: this page is drawn again, from its top, after each way back.
const WAIT_MS = 6000;
const address = () => location.pathname + location.search;

export default function () {
  const main = document.querySelector('[data-testid=stMain]');
  if (!main) return;
  if (!window.springstepBack) {
    window.springstepBack = { at: 0 };
    addEventListener('popstate', () => (window.springstepBack.at = Date.now()));
  }
  const here = address();
  const key = 'springstep.scroll:' + here;
  const kept = Number(sessionStorage.getItem(key) || 0);
  let restoring = kept > 0 && Date.now() - window.springstepBack.at < WAIT_MS;
  const until = Date.now() + WAIT_MS;
  const restore = () => {
    if (!restoring) return;
    main.scrollTop = kept;
    if (Math.abs(main.scrollTop - kept) < 2 || Date.now() > until) restoring = false;
    else setTimeout(restore, 60);
  };
  const keep = () => {
    if (!restoring && address() === here) sessionStorage.setItem(key, String(Math.round(main.scrollTop)));
  };
  const given = () => (restoring = false);
  restore();
  main.addEventListener('scroll', keep, { passive: true });
  for (const touch of ['wheel', 'touchstart']) main.addEventListener(touch, given, { passive: true });
  return () => {
    main.removeEventListener('scroll', keep);
    for (const touch of ['wheel', 'touchstart']) main.removeEventListener(touch, given);
  };
}
