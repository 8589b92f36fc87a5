"""plans owns charts, the units of encryption, and therapy plans with their versions, phases,
goals and exercises. It asks booking whom a practitioner treats and profiles who a client is; it
tells booking of dates that both agreed to, and hears whether their course was booked."""
