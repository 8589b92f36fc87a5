"""What plans offers: nothing yet beyond its health; therapy plans come with their service."""
