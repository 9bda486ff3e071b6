"""Exports of other ecosystems: one module each, all behind `document.Document` in and a `TableRead` or ``None`` out."""
