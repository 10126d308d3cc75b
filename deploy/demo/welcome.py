"""The last words of `make demo`: where to go and what to click."""

from deploy.machine.instance import ROOT, Instance


def text(instance: Instance) -> str:
    """One address, two walks, and the way out."""
    logs = instance.logs
    shown = logs.relative_to(ROOT) if logs.is_relative_to(ROOT) else logs
    return f"""
  Open   {instance.lms_origin}

  As the teacher (Claire Fontaine): an activity opens the tool inside the course page. There you
  prepare an image, plan a course with a session, then publish it: in the LMS, add an activity
  and choose "Select content".
  As a student (Amina Benali and four others): open an activity, press Start, then Open.
  As the operator of the platform: make demo-operator prints a link that lets you in.

  Logs   {shown}
  Stop   make demo-stop      Remove everything   make demo-clean
"""
