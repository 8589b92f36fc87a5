"""The main job over HTTP, from the directory to the last mail, while processes are killed."""
