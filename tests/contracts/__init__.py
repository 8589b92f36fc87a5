"""What travels between services stays what it was: golden files, schemas, events, errors."""
