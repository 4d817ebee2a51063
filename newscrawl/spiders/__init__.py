"""The spiders: `replay` for saved pages."""
