"""Reports to bytes and text, and nothing else: no arithmetic happens here."""
