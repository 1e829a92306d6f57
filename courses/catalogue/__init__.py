"""What is taught: courses, tracks, competences."""
