"""What happens to innovations: each verb is one transaction with one row in the log."""
