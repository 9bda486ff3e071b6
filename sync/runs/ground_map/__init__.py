"""The offline map: an OpenStreetMap extract, read once, says what ground lies under the runs; no network."""
