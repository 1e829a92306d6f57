"""Who takes part: runs, seats, waiting lists, approval, attendance."""
