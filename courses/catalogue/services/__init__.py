"""What changes courses beside the admin's forms."""
