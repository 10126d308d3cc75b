"""Retention of work folders: notices, postponing, deleted Courses, erasures, orphans."""
