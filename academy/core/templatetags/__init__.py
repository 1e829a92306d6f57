"""Template libraries: `components` (the blocks of the pages) and `academy` (words, dates, numbers)."""
