"""Which rule of the school was broken, and which law may be relevant: cited with its wording as it stood on the day."""
