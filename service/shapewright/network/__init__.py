"""Networks: what is computed from what, what comes out, and what is said about it."""
