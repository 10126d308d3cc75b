"""The demo LMS refuses what Moodle refuses, and says what Moodle says."""
