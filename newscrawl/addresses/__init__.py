"""What an address is: canonical form, key, registrable domain, forms of articles and listings."""
