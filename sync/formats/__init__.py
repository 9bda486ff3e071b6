"""Bytes -> recordings, or why not: ``sync.formats.read.leaves`` and ``read``."""
