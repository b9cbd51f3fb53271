"""What a file proves, and everything that happened to it since."""
