"""Two people in one browser: whoever comes in ends every tab of whoever was there before."""

import re

from playwright.sync_api import expect
from tests.system import pages
from tests.system.campus import Campus, stopped
from tests.system.conftest import NewContext

NOTEBOOKS = "Python notebooks"
FIRST, SECOND = "amina-benali", "hugo-lefevre"


def test_somebody_elses_launch_ends_every_tab_at_once(
    campus: Campus, new_context: NewContext
) -> None:
    context = new_context()
    stopped(campus.instance, FIRST, NOTEBOOKS)
    older, newer = context.new_page(), context.new_page()
    window = pages.open_activity(older, campus, FIRST, NOTEBOOKS)
    pages.start(window)
    second = pages.open_activity(newer, campus, FIRST, NOTEBOOKS)
    _, password = pages.shown_credentials(window)
    assert pages.shown_credentials(second)[1] == password
    jupyter = pages.open_port(window, context, "JupyterLab")

    other = pages.open_activity(context.new_page(), campus, SECOND, NOTEBOOKS)
    expect(other.get_by_role("heading", name=re.compile(NOTEBOOKS))).to_be_visible()
    for tab in (window, second):
        expect(tab.get_by_role("heading", name="You were signed out")).to_be_visible()
        expect(tab.get_by_text("Somebody else signed in with this browser")).to_be_visible()
        assert password not in tab.content()
        expect(tab.get_by_role("button", name="Open JupyterLab")).to_have_count(0)
    jupyter.reload()
    expect(jupyter.get_by_role("heading", name="Open this again from your course")).to_be_visible()

    # Whoever was there first comes back the same way, and then the other one is out.
    again = pages.open_activity(older, campus, FIRST, NOTEBOOKS)
    pages.await_ready(again)
    expect(other.get_by_role("heading", name="You were signed out")).to_be_visible()
    pages.stop(again)
