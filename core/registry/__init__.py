"""Who is responsible where: governments with their areas, OPD and routes, as reviewed data."""
