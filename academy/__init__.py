"""Ground and roof of the joint academy: what every wing stands on, and what puts the wings together."""
