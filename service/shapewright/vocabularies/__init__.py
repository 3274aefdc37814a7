"""How each framework says it: layer types, their parameters, defaults and rules."""
