"""What the pages of programmes, roadmap, goals and documents show, put together from all rooms."""
