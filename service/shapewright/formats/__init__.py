"""Documents to networks: which form a document has, and how each form is read."""
