"""Window operations on real arrays, and the array files; the only room that imports numpy."""
