"""How newscrawl behaves toward servers: who it says it is, what it asks for, how fast, how far."""
