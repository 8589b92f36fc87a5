"""The domain-free kit: what two services use and could be published unchanged."""
