"""The use cases of notify: taking facts in, delivering what is due, living links."""
