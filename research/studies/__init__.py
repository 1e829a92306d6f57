"""Studies: registered by researchers, reviewed per hospital, found by everybody."""
