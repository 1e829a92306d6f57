"""What people do with studies; every verb locks the study first and writes one event."""
