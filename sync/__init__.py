"""Gets runs, keeps them, answers questions about them."""
