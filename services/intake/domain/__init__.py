"""What is true here: pure, without clock, store or bus."""
