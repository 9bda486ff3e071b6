// While the connection is away our own banner says so: Streamlit's dialog would make the page inert and say less.
new MutationObserver(() => {
  const app = document.querySelector('.stApp[data-test-connection-state]');
  if (!app || app.dataset.testConnectionState === 'CONNECTED') return;
  document.querySelector('[data-testid=stDialog] button[aria-label=Close]')?.click();
}).observe(document.body, { childList: true, subtree: true });
