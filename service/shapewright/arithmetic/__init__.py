"""Exact integer arithmetic, one axis at a time; standard library only."""
