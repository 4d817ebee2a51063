"""From sightings to records: which are one article, and what the one record says. Pure."""
