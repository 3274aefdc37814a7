"""How fast Shapewright is, beside what others do with the same networks in the same run."""
