"""Lists that several wings share: specialties, care domains, function families, registers."""
