"""The product with its processes killed and its foreign systems failing."""
