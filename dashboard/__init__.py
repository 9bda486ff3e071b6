"""The runner's page: it shows what the owner answers and hands in what the runner types; it decides nothing."""
