"""The rules of notify: which messages a fact leads to, whether one still holds, when to retry."""
