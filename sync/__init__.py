"""Gets runs, keeps them, answers questions about them."""

import os

# garth brings a telemetry library that hooks itself into pydantic: nothing here is to be watched.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
