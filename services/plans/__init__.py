"""plans owns charts, the units of encryption, therapy plans with their versions, phases, goals
and exercises, and notes. It asks booking whom a practitioner treats and which sessions were
attended, and profiles who a client is; it emits and consumes no events yet."""
