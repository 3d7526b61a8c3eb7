"""Long work about households."""
