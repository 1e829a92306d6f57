"""Home, standard and news pages, site settings and the demo loader."""
