// Opens one small page while the server is away. Only over HTTPS; its scope is that page, and what it keeps names nobody.
const page = registration.scope.split('/').pop();
const MINE = `springstep-small-${page}-`;
const CACHE = `${MINE}@VERSION@`;
const SHELL = `./${page}?shell=1`;
const SCRIPTS = ['./small.js', './small-away.js'];
const AWAY_MS = 5000;

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([SHELL, ...SCRIPTS])));
});
addEventListener('activate', (event) => event.waitUntil(caches.keys().then((all) =>
  Promise.all(all.filter((one) => one.startsWith(MINE) && one !== CACHE).map((one) => caches.delete(one))))));
addEventListener('fetch', (event) => {
  const { request } = event;
  const file = new URL(request.url).pathname.split('/').pop();
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(fresh(request, SHELL));
  else if (SCRIPTS.includes(`./${file}`)) event.respondWith(fresh(request, `./${file}`));
});

async function fresh(request, kept) {
  const found = async () => (await caches.open(CACHE)).match(kept);
  try {
    const late = new Promise((_, no) => setTimeout(no, AWAY_MS));
    const answer = await Promise.race([fetch(request), late]);
    return answer.status < 502 ? answer : (await found()) ?? answer; // a proxy answers for a server that is away
  } catch {
    return (await found()) ?? Response.error();
  }
}
