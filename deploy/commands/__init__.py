"""The commands of deploy, each in its own words; what they do stands elsewhere."""
