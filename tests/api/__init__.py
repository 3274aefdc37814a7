"""The HTTP face, held to its own OpenAPI document."""
