"""Who belongs to a Course: kept in step with the platform's list, shown to its editors."""
