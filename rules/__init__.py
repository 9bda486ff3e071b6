"""What a run is and what feet need: pure functions over frozen values."""
