"""The interface for programs, endpoint by endpoint."""
