"""The HTTP API, the web app and the feeds. Owns no data and no rules; emits and consumes nothing."""
