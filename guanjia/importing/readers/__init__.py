"""One module a sheet: a row is read into records for the stage, or refused with a reason."""
