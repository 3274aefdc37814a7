"""Window operations on arrays, held to naive loops and to the real frameworks."""
