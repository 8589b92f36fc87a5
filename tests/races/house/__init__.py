"""Races over HTTP through the whole product."""
