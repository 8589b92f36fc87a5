"""plans owns charts, the units of encryption, therapy plans with their versions, phases, goals
and exercises, and intake: practices' forms and texts, clients' answers and consents. It asks
booking whom a practitioner treats and who comes to a booking, and profiles who a client is; it
emits and consumes no events yet."""
