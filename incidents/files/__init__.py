"""Bytes: encrypted as they arrive, hashed, decoded safely, never altered."""
