"""What runs around the application: setup, the embedded PostgreSQL, supervision, assets. Standard library only."""
