"""Attune's services. One word everywhere: folder = service name = schema = contracts module."""
