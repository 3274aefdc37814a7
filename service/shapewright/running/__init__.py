"""A layer and arrays in, what comes of them out; here what is said and what is run meet."""
