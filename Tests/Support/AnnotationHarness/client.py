"""A simulated observer over HTTP: what a browser sends, without the pictures' pixels."""

import http.client
import json
import re
import uuid


class Observer:
    """One observer with a cookie, a CSRF token and one connection."""

    def __init__(self, port, token=None, cookie=None, page="/observe"):
        self.port, self.cookie, self.connection = port, cookie, None
        if token:
            headers = self.request("POST", f"/i/{token}", raw=True)[1]
            self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = re.search(r'name="csrf" content="([^"]+)"', self.request("GET", page, raw=True)[2].decode())[1]
        if page != "/observe":
            return
        self.session = self.json("POST", "/api/v1/sessions", {"consent": "2026-11"})[1]["session"]
        self.json("PATCH", f"/api/v1/sessions/{self.session}", {"action": "trained"})

    def request(self, method, path, body=None, raw=False):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Origin": f"http://localhost:{self.port}", "Content-Type": "application/json",
                   "Host": f"localhost:{self.port}"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if not raw:
            headers["X-CSRF-Token"] = self.csrf
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def json(self, method, path, body):
        status, _, data = self.request(method, path, json.dumps(body))
        return status, json.loads(data) if data[:1] in (b"{", b"[") else None

    def leases(self):
        return self.json("POST", f"/api/v1/sessions/{self.session}/leases", {})[1]

    def vote(self, lease, choice, key=None):
        body = {"clientKey": key or uuid.uuid4().hex, "choice": choice, "responseMilliseconds": 900,
                "view": {"toggles": 1, "zooms": 0, "pans": 2, "scale": 1}}
        return self.json("PUT", f"/api/v1/leases/{lease}/vote", body)
