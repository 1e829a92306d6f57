"""Import of records from files: read in a stream, looked at first, then written batch by batch."""
