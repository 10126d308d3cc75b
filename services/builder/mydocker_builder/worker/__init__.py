"""Works on builds: claims them, runs them on the build engine, records how they end."""
