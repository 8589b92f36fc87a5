"""What the pages' forms send: one model per form, one parser, errors in kind words."""
