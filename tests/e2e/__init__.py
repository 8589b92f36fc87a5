"""The whole product in Chromium: what people do, at the widths and settings they have."""
