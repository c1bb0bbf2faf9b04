"""The catalogue: what is said on the bus and over HTTP, written from the code and committed."""
