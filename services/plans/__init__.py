"""plans owns charts, the units of encryption, and therapy plans with their versions, phases,
goals and exercises. It asks booking whom a practitioner treats and profiles who a client is;
it emits and consumes no events yet."""
