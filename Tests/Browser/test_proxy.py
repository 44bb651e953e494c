"""Behind nginx with TLS, with the configuration of docs/annotation.md."""

import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import ROOT, answer, armed, enter, sent

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
pytestmark = [
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not installed: apt-get install nginx-light"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not installed"),
]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def proxied(serve, tmp_path):
    """A server and nginx in front of it; gives the server and the public origin."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", tmp_path / "study.key", "-out", tmp_path / "study.pem", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    port = free_port()
    origin = f"https://localhost:{port}"
    server = serve("training=0", "only=active", f"origin={origin}", "proxy=1", "burst=60", "block=3000")
    block = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/annotation.md").read_text(), re.S)[1]
    for old, new in (("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("study.example.org", "localhost"),
                     ("/etc/ssl/", f"{tmp_path}/"), ("127.0.0.1:8080", f"127.0.0.1:{server.port}")):
        assert old in block, f"the documented configuration lacks {old}"
        block = block.replace(old, new)
    paths = "".join(f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = tmp_path / "nginx.conf"
    config.write_text(f"daemon off;\nmaster_process off;\npid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/error.log;\n"
                      f"events {{}}\nhttp {{\naccess_log off;\n{paths}{block}}}\n")
    process = subprocess.Popen([NGINX, "-c", str(config), "-p", str(tmp_path)], stderr=subprocess.PIPE, text=True)
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
    else:
        raise AssertionError("nginx does not answer")
    server.origin = origin
    yield server
    process.terminate()
    process.wait(timeout=120)


def fetch(server, path, method="GET", data=None, **headers):
    request = urllib.request.Request(server.origin + path, data=data, method=method,
                                     headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(request, context=context, timeout=120) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_an_observer_works_through_the_proxy(proxied, browser):
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{proxied.origin}/i/{proxied.observers[0]}")
    page.click("button.primary")
    page.wait_for_selector("[data-step=consent]")
    cookie = next(cookie for cookie in context.cookies() if "vernier" in cookie["name"])
    assert cookie["name"].startswith("__Host-vernier-") and cookie["secure"] and cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    page.check("#agree")
    page.click("button.primary")
    page.wait_for_selector("[data-step=guidelines]")
    page.click("button.primary")
    # The owner's page follows through the proxy: server-sent events are not held back.
    owner = browser.new_context(ignore_https_errors=True).new_page()
    owner.goto(f"{proxied.origin}/i/{proxied.owner}")
    owner.click("button.primary")
    owner.wait_for_selector("#live tbody tr")
    answer(page)
    sent(page)
    owner.wait_for_function("() => document.querySelector('#live tbody').innerText.match(/details\\s+6\\s+1/)")
    armed(page)
    for one in (page, owner):
        one.context.close()


def test_the_proxy_changes_no_rule(proxied):
    token = proxied.observers[0]
    # A page elsewhere can't spend the invitation, nor can plain http to the port behind.
    assert fetch(proxied, f"/i/{token}", "POST", b"", Origin="https://evil.example")[0] == 403
    assert fetch(proxied, f"/i/{token}", "POST", b"", Origin=f"http://localhost:{proxied.port}")[0] == 403
    # Another name that resolves to this machine is turned away.
    assert fetch(proxied, "/", Host="rebound.example")[0] == 421
    status, headers, _ = fetch(proxied, "/")
    assert status == 200 and headers["Strict-Transport-Security"] and "default-src 'none'" in headers["Content-Security-Policy"]
    # nginx stops what is too large before the program sees it.
    assert fetch(proxied, "/login", "POST", b"a" * 20_000, Origin=proxied.origin)[0] == 413
    # Paths that nginx would merge or decode end nowhere.
    for path in ("/img/../study.sqlite", "/img/%2e%2e/study.sqlite", "//img//study.sqlite", "/files/x"):
        assert fetch(proxied, path)[0] in (400, 401, 404)
    # A client that forges X-Forwarded-For is still one address: guessing ends at the limit, 60 tries and then one in ten
    # seconds.
    started, answers = time.monotonic(), []
    while 429 not in answers and len(answers) < 400:
        answers.append(fetch(proxied, "/i/guess", "POST", b"", Origin=proxied.origin,
                             X_Forwarded_For=f"203.0.113.{len(answers) % 250}")[0])
    assert set(answers[:-1]) == {404} and answers[-1] == 429
    assert 50 <= len(answers) - 1 <= 61 + (time.monotonic() - started) / 10


def test_photos_pass_and_other_large_bodies_do_not(proxied):
    photo = bytes(2 << 20)
    status, _, body = fetch(proxied, "/api/v1/admin/photos/plan/0", "PUT", photo, Origin=proxied.origin)
    assert status == 401 and b"open your invitation" in body
    assert fetch(proxied, "/owner/settings", "POST", photo, Origin=proxied.origin)[0] == 413
