"""The registers: what the school has agreed to, asked and watched online; and whether a picture may go up."""
