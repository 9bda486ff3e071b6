// For the pages before signing in. Works on plain HTTP: no clipboard, no crypto.
// A code stands after "#", which no browser sends: only the button in the form hands it in.
const code = document.querySelector('input[name="code"]');
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  code.readOnly = true;
  document.querySelector('input[name="password"]')?.focus();
  history.replaceState(null, '', location.pathname + location.search);
}
// The address that this browser really used, for the phone.
for (const picture of document.querySelectorAll('img[data-qr]')) {
  picture.src = './qr.svg?of=' + encodeURIComponent(location.origin + location.pathname);
  picture.closest('[hidden]')?.removeAttribute('hidden');
}
// A button pressed twice hands in once.
for (const form of document.forms) {
  form.addEventListener('submit', () =>
    setTimeout(() => form.querySelectorAll('button').forEach((one) => (one.disabled = true)))
  );
}
addEventListener('pageshow', () => document.querySelectorAll('button').forEach((one) => (one.disabled = false)));
// Whoever gets here is signed out: what opened the small pages while the server was away goes. What waits to be saved stays.
if (document.querySelector('form[action="./sign-in"]')) {
  try { for (const one of ['who', 'work']) localStorage.removeItem(`springstep:${one}`); } catch { /* private mode */ }
  window.caches?.keys().then((all) => all.filter((one) => one.startsWith('springstep-small-')).forEach((one) => caches.delete(one)));
  navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
}
