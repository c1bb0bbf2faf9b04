"""What the five services share: the language of the bus, and how every process runs."""
