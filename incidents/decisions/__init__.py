"""Questions answered, with the reason and by whom; a later answer supersedes, none is overwritten."""
