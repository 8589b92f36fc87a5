"""What tests of the whole product share: practices, guests, and a look behind the curtain."""
