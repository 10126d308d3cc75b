"""Using an environment: a shell through the real `ssh`, a kernel and a terminal by WebSocket."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine.network.ports import is_listener
from playwright.sync_api import Page

from tests.support.waiting import eventually

_ASKPASS = "#!/bin/sh\nprintf '%s\\n' \"$SHOWN_PASSWORD\"\n"


def run_by_ssh(shown: str, password: str, command: str, seconds: float = 20) -> str:
    """What `command` prints, entered as the SSH card says; raises when the login is refused."""
    with _fingers(password) as typed:
        done = subprocess.run(
            [*_ssh(shown), command],
            env=typed,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    if done.returncode != 0:
        raise ConnectionRefusedError(f"ssh ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout.strip()


@contextmanager
def tunnel_by_ssh(shown: str, password: str, near: int) -> Iterator[None]:
    """The command of a card that holds `-L near:…`, for as long as this lasts."""
    with _fingers(password) as typed:
        ssh = subprocess.Popen(_ssh(shown), env=typed, stdin=subprocess.DEVNULL)
        try:
            eventually(lambda: is_listener(ssh.pid, near), "the tunnel is open", 30)
            yield
        finally:
            ssh.terminate()
            ssh.wait(timeout=10)


def _ssh(shown: str) -> list[str]:
    program, *rest = shlex.split(shown)
    assert program == "ssh"
    trust = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
    return ["ssh", *trust, "-o", "NumberOfPasswordPrompts=1", "-F", "none", *rest]


@contextmanager
def _fingers(password: str) -> Iterator[dict[str, str]]:
    """The password is typed by OpenSSH's own askpass door, where a person's fingers would be."""
    with tempfile.TemporaryDirectory() as folder:
        askpass = Path(folder) / "askpass"
        askpass.write_text(_ASKPASS, encoding="ascii")
        askpass.chmod(0o700)
        asks = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
        yield {**os.environ, **asks, "SHOWN_PASSWORD": password}


_KERNEL = """
async (code) => {
  const xsrf = (document.cookie.match(/_xsrf=([^;]+)/) || [])[1] || ''
  const post = (path, body) => fetch(path, {method: 'POST', headers: {'X-XSRFToken': xsrf,
    'Content-Type': 'application/json'}, body: JSON.stringify(body)}).then(r => r.json())
  const kernel = await post('/api/kernels', {name: 'python3'})
  const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel.id}/channels`)
  return await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the kernel said nothing')), 30000)
    socket.onerror = () => reject(new Error('the socket was refused'))
    const id = crypto.randomUUID()
    socket.onopen = () => socket.send(JSON.stringify({channel: 'shell', parent_header: {},
      metadata: {}, content: {code, silent: false, store_history: false, user_expressions: {},
      allow_stdin: false}, header: {msg_id: id, msg_type: 'execute_request', session: id,
      username: '', version: '5.3', date: new Date().toISOString()}}))
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data)
      if (message.parent_header?.msg_id !== id) return
      if (message.msg_type === 'stream') resolve(message.content.text.trim())
      if (message.msg_type === 'error') reject(new Error(message.content.evalue))
    }
  })
}
"""

_TERMINAL = """
async (command) => {
  const xsrf = (document.cookie.match(/_xsrf=([^;]+)/) || [])[1] || ''
  const made = await fetch('/api/terminals', {method: 'POST', headers: {'X-XSRFToken': xsrf}})
  const {name} = await made.json()
  const socket = new WebSocket(`ws://${location.host}/terminals/websocket/${name}`)
  return await new Promise((resolve, reject) => {
    let said = ''
    setTimeout(() => reject(new Error('the terminal said only: ' + said)), 20000)
    socket.onerror = () => reject(new Error('the socket was refused'))
    socket.onmessage = (event) => {
      const [kind, text] = JSON.parse(event.data)
      if (kind === 'setup') socket.send(JSON.stringify(['stdin', command + '; echo do\"\"ne\\r']))
      if (kind === 'stdout') { said += text; if (said.includes('done')) resolve(said) }
    }
  })
}
"""


def run_in_kernel(jupyter: Page, code: str) -> str:
    """What `code` prints in a Python kernel, over the page's own WebSocket."""
    return str(jupyter.evaluate(_KERNEL, code))


def run_in_terminal(jupyter: Page, command: str) -> str:
    """What a terminal of JupyterLab shows after `command`."""
    return str(jupyter.evaluate(_TERMINAL, command))
