"""newscrawl turns news pages, live or saved, into drops that other teams can trust."""
