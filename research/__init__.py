"""Studies and innovations; its rooms are created with their first feature."""
