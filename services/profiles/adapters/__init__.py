"""Foreign systems of profiles: Redis, and argon2, which is as slow as one."""
