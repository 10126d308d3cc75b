"""Who else may see or change a Course or an Image: given, changed, removed, handed over."""
