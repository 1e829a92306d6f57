"""What knows no domain: errors, events, work, mail, numbers, fields, components."""
