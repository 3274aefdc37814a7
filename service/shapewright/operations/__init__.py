"""What a layer does to shapes, whoever calls it what."""
