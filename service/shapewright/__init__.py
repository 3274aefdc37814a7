"""Shape inference for neural networks, layer by layer, without a deep-learning framework."""

__version__ = "0.1.0"
