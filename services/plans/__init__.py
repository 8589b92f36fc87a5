"""plans owns therapy plans with their phases, goals, exercises, measures, reviews, intake,
consents and notes. Emits and consumes nothing yet: this is its frame."""
