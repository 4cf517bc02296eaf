"""What Kanal decides about citizens' reports; knows no platform, web framework or queue."""
