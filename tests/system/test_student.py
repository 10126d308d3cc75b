"""A student: activity, Start, Open, work; stop and find it again. And nobody else's door opens."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Frame, Page, expect

from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import NewContext, course_named
from tests.system.shell import run_by_ssh, run_in_kernel, run_in_terminal

NOTEBOOKS, OPENSSL = "Python notebooks", "OpenSSL"


def ssh_command(window: Frame) -> str:
    return window.get_by_role("group", name=re.compile("^Command for")).inner_text().strip()


def test_two_clicks_and_jupyterlab_works(campus: Campus, new_context: NewContext) -> None:
    context = new_context()
    page = context.new_page()
    stopped(campus.instance, "amina-benali", NOTEBOOKS)
    window = pages.open_activity(page, campus, "amina-benali", NOTEBOOKS)
    steps: list[str] = []
    page.expose_function("sawStep", lambda text: steps.append(text))
    window.evaluate(
        "new MutationObserver(() => { const bar = document.querySelector('[role=progressbar]');"
        " if (bar) window.sawStep(bar.getAttribute('aria-valuetext') || bar.textContent) })"
        ".observe(document.body, {childList: true, subtree: true, attributes: true,"
        " characterData: true})"
    )
    pages.start(window)
    assert steps, "no step was shown on the way"

    jupyter = pages.open_port(window, context, "JupyterLab")
    assert re.fullmatch(
        r"e[a-z2-7]{25}\.env\.localhost:\d+", httpx.URL(jupyter.url).netloc.decode()
    )
    assert "ticket" not in jupyter.url
    expect(jupyter.locator("#jp-main-dock-panel, .jp-LauncherBody").first).to_be_visible(
        timeout=60_000
    )
    assert run_in_kernel(jupyter, "print(6 * 7)") == "42"
    assert "student" in run_in_terminal(jupyter, "pwd")

    code = "import pathlib, os; pathlib.Path('kept.txt').write_text('mine'); print(os.getuid())"
    assert run_in_kernel(jupyter, code) == "1000"
    assert "kept.txt" in run_in_terminal(jupyter, "ls $HOME/work")
    name_before = pages.shown_credentials(window)
    pages.stop(window)
    jupyter.reload()
    expect(jupyter.get_by_text(re.compile("not running|stopped", re.IGNORECASE))).to_be_visible()

    pages.start(window)
    assert pages.shown_credentials(window) == name_before
    again = pages.open_port(window, context, "JupyterLab")
    expect(again.locator("#jp-main-dock-panel, .jp-LauncherBody").first).to_be_visible(
        timeout=60_000
    )
    assert run_in_kernel(again, "print(open('kept.txt').read())") == "mine"
    pages.stop(window)


def test_the_ssh_card_gives_a_shell(campus: Campus, page: Page) -> None:
    stopped(campus.instance, "lucas-moreau", OPENSSL)
    window = pages.open_activity(page, campus, "lucas-moreau", OPENSSL)
    pages.start(window)
    username, password = pages.shown_credentials(window)
    assert re.fullmatch(r"[a-z]+_[a-z]+", username)
    assert len(password) >= 14
    command = ssh_command(window)
    assert password not in command
    assert username in command
    said = run_by_ssh(command, password, "whoami; openssl version; touch work/kept; pwd")
    assert said.splitlines()[0] == username
    assert "OpenSSL" in said
    with pytest.raises(ConnectionRefusedError, match="Permission denied"):
        run_by_ssh(command, "not-the-password", "true")

    pages.stop(window)
    pages.start(window)
    assert pages.shown_credentials(window) == (username, password)
    assert "kept" in run_by_ssh(ssh_command(window), password, "ls work").split()
    pages.stop(window)


def test_a_reload_and_a_second_tab_show_the_same(campus: Campus, new_context: NewContext) -> None:
    context = new_context()
    page = context.new_page()
    stopped(campus.instance, "maya-nguyen", OPENSSL)
    window = pages.open_activity(page, campus, "maya-nguyen", OPENSSL)
    pages.start(window)
    second = pages.open_activity(context.new_page(), campus, "maya-nguyen", OPENSSL)
    pages.await_ready(second)
    window.evaluate("location.reload()")
    pages.await_ready(pages.tool_frame(page))
    window = pages.tool_frame(page)
    pages.stop(window)
    expect(second.get_by_text("Your environment is stopped.")).to_be_visible()


def test_a_second_student_gets_another_one_and_cannot_open_the_first(
    campus: Campus, new_context: NewContext
) -> None:
    first_context, second_context = new_context(), new_context()
    stopped(campus.instance, "ines-carpentier", NOTEBOOKS)
    first = pages.open_activity(first_context.new_page(), campus, "ines-carpentier", NOTEBOOKS)
    pages.start(first)
    mine = pages.open_port(first, first_context, "JupyterLab")
    stopped(campus.instance, "hugo-lefevre", NOTEBOOKS)
    second = pages.open_activity(second_context.new_page(), campus, "hugo-lefevre", NOTEBOOKS)
    pages.start(second)
    other = pages.open_port(second, second_context, "JupyterLab")
    assert httpx.URL(mine.url).host != httpx.URL(other.url).host

    intruder = second_context.new_page()
    answer = intruder.goto(mine.url)
    assert answer is not None
    assert answer.status == 401
    cookies = second_context.cookies(other.url)
    stolen = next(c["value"] for c in cookies if c["name"] == "__Host-mydocker-access")
    forced = httpx.get(
        f"http://127.0.0.1:{campus.instance.ports.edge}/lab",
        headers={
            "Host": httpx.URL(mine.url).netloc.decode(),
            "Cookie": f"__Host-mydocker-access={stolen}",
        },
        trust_env=False,
    )
    assert forced.status_code in (401, 403)
    inside = run_in_kernel(
        other,
        "import urllib.request, socket\n"
        "def tries(host, port):\n"
        "    try:\n"
        "        socket.create_connection((host, port), 1); return f'{host}:{port}'\n"
        "    except OSError: return ''\n"
        "gate = [l.split()[2] for l in open('/proc/net/route') if l.split()[1] == '00000000'][0]\n"
        "gate = socket.inet_ntoa(bytes.fromhex(gate)[::-1])\n"
        f"ports = {_host_ports(campus)}\n"
        "neighbours = ['.'.join(gate.split('.')[:3] + [str(n)]) for n in range(2, 12)]\n"
        "me = socket.gethostbyname(socket.gethostname())\n"
        "print([t for h in [gate] for p in ports if (t := tries(h, p))] +"
        " [t for h in neighbours if h != me if (t := tries(h, 8888))])",
    )
    assert inside == "[]"
    pages.stop(first)
    pages.stop(second)


def _host_ports(campus: Campus) -> list[int]:
    """Every port that environments publish now."""
    with campus.engine() as docker:
        tasks = docker.get("/tasks", filters='{"desired-state":["running"]}')
    return [
        port["PublishedPort"]
        for task in tasks
        for port in task["Status"].get("PortStatus", {}).get("Ports") or []
    ]


def test_twenty_clicks_give_one_environment(campus: Campus, teacher: Student) -> None:
    course = course_named(teacher, OPENSSL)
    with Student(campus.instance, "hugo-lefevre", course) as student:
        student.open_activity(OPENSSL)
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: student.start(), range(20)))
        assert {answer["attempt"] for answer in answers} == {answers[0]["attempt"]}
        student.await_state("ready")
        assert len(campus.services_of(student.environment_id)) == 1
        assert len(campus.running_tasks(student.environment_id)) == 1
        student.stop()
        student.await_state("stopped")
        eventually(lambda: not campus.services_of(student.environment_id), "its service is removed")
