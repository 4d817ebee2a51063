"""How long ago a widget means by what it prints."""

WIDGETS: frozenset[str] = frozenset()
