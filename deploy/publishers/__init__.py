"""Outside publishers: what each is given on the bus, and the page that tells a partner of it."""
