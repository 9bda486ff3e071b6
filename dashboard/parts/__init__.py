"""Pieces that stand on more than one page."""
