"""Nobody reads or does what they may not: calls, routes, and what is left lying about."""
