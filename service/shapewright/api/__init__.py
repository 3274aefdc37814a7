"""The HTTP face: endpoints, problems, settings, logs, and the OpenAPI document."""
