"""Looking for what must not be there, each with a twin that proves that it would be seen."""
