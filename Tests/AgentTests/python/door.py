# usage: door.py [TEST…]     the door at /mcp: who is turned away, and what is served
import http.client, json, os, stat, subprocess, time

from mesh import Failure, holds, run, same, wait_until
from raw import meta
from schemas import MODERN, Judge


def door(mesh):
    path = f"{mesh.laptop.folder}/mcp-http.json"
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600, "only we read the token")
    with open(path) as file:
        notice = json.load(file)
    return int(notice["url"].split(":")[2].split("/")[0]), notice["token"]


class Door:
    def __init__(self, mesh):
        (self.port, self.token), self.judge, self.count = door(mesh), Judge(), 0

    def send(self, body, method="POST", path="/mcp", drop=(), **headers):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        all = {"content-type": "application/json", "accept": "application/json, text/event-stream", "authorization": f"Bearer {self.token}"}
        all |= {name.replace("_", "-"): value for name, value in headers.items()}
        link.putrequest(method, path, skip_host="host" in all or "host" in drop)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        for name, value in all.items():
            if name not in drop:
                link.putheader(name, value)
        link.putheader("content-length", str(len(data)))
        link.endheaders(data)
        return link.getresponse()

    def modern(self, method, _meta=None, more=None, **params):
        self.count += 1
        body = {"jsonrpc": "2.0", "id": self.count, "method": method, "params": {"_meta": _meta or meta(), **params}}
        headers = {"mcp_protocol_version": MODERN, "mcp_method": method}
        if "name" in params or "uri" in params:
            headers["mcp_name"] = params.get("name", params.get("uri"))
        self.judge.client(body)
        return self.send(body, **(headers | (more or {})))

    def messages(self, answer):
        text = answer.read().decode()
        if answer.headers["content-type"] == "application/json":
            found = [json.loads(text)]
        else:
            found = [json.loads(block.split("data: ", 1)[1]) for block in text.split("\n\n") if block]
        for message in found:
            self.judge.server(message)
        return found


def strangers_are_turned_away(mesh):
    at = Door(mesh)
    ask = lambda **headers: (at.send({"jsonrpc": "2.0", "id": 1, "method": "ping"}, **headers).status)
    same(ask(), 200)
    same(ask(authorization="Bearer wrong"), 401)
    same(ask(authorization=f"Basic {at.token}"), 401)
    same(ask(drop=("authorization",)), 401)
    same(ask(authorization=f"Bearer {at.token[:-1]}"), 401)
    same(ask(host=f"localhost:{at.port}"), 200)
    for host in ("evil.example", f"evil.example:{at.port}", "127.0.0.1", f"127.0.0.1:{at.port}.evil.example", f"127.0.0.2:{at.port}", f"[::1]:{at.port}"):
        same(ask(host=host), 421, host)
    same(ask(origin=f"http://127.0.0.1:{at.port}"), 200)
    for origin in ("null", "http://evil.example", f"https://127.0.0.1:{at.port}", "http://127.0.0.1", "file://"):
        same(ask(origin=origin), 403, origin)
    same(ask(sec_fetch_site="cross-site"), 403)
    answer = at.send({"jsonrpc": "2.0", "id": 1, "method": "ping"}, origin="http://evil.example")
    holds(not [name for name in answer.headers if name.lower().startswith("access-control")], "no CORS headers")
    same(at.send(b"{}", path="/v1/node/status").status, 404, "nothing else is behind this door")
    listening = subprocess.run(["ss", "-ltn"], capture_output=True, text=True).stdout
    holds(f"127.0.0.1:{at.port}" in listening and f"0.0.0.0:{at.port}" not in listening, listening)


def what_is_malformed_gets_a_status(mesh):
    at = Door(mesh)
    same(at.send(b"", method="GET").status, 405)
    same(at.send(b"", method="DELETE").status, 405)
    same(at.send(b"{", ).status, 400)
    same(at.send([]).status, 400)
    same(at.send({"jsonrpc": "2.0", "id": 1, "result": {}}).status, 400)
    same(at.send({"jsonrpc": "2.0", "method": "notifications/initialized"}).status, 202)
    same(at.send(b"{}", content_type="text/plain").status, 415)
    same(at.send(b"{}", accept="text/html").status, 406)
    same(at.send(b"x" * (5 << 20)).status, 413)
    same(at.send({"jsonrpc": "2.0", "id": 1, "method": "ping"}, mcp_session_id="made up").status, 404)
    for more, code, status in (
        ({"mcp_method": "tools/call"}, -32020, 400), ({"mcp_protocol_version": "2025-11-25"}, -32020, 400), ({"mcp_method": "x"}, -32020, 400),
    ):
        answer = at.modern("tools/list", more=more)
        same((answer.status, at.messages(answer)[0]["error"]["code"]), (status, code), more)
    answer = at.modern("tools/call", name="kith_list_peers", more={"mcp_name": "kith_execute"})
    same(at.messages(answer)[0]["error"]["code"], -32020)
    answer = at.modern("nope")
    same((answer.status, at.messages(answer)[0]["error"]["code"]), (404, -32601))
    answer = at.modern("tools/list", _meta={"io.modelcontextprotocol/protocolVersion": "1999-01-01", "io.modelcontextprotocol/clientCapabilities": {}}, more={"mcp_protocol_version": "1999-01-01"})
    same((answer.status, at.messages(answer)[0]["error"]["code"]), (400, -32022))


def both_eras_are_served(mesh):
    at = Door(mesh)
    for method in ("server/discover", "tools/list", "resources/list", "prompts/list"):
        same(at.messages(at.modern(method))[0]["result"]["resultType"], "complete")
    found = at.messages(at.modern("tools/call", name="kith_list_peers", arguments={}))[0]["result"]
    same(found["structuredContent"]["peers"][0]["name"], "studio")
    old = Door(mesh)
    hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "web app", "version": "1"}}}
    old.judge.client(hello)
    answer = old.send(hello)
    session = answer.headers["mcp-session-id"]
    same(old.messages(answer)[0]["result"]["protocolVersion"], "2025-06-18")
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "kith_context_set", "arguments": {"key": "http", "value": "ja"}}}
    old.judge.client(call)
    same(old.messages(old.send(call, mcp_session_id=session))[0]["result"]["structuredContent"]["version"], 1)
    clients = [r["details"]["client"] for r in mesh.laptop.audit() if r.get("object") == "http"]
    same(clients, ["web-app"], "the audit names the client")


def progress_comes_as_events_and_hanging_up_cancels(mesh):
    at = Door(mesh)
    answer = at.modern("tools/call", _meta=meta(progressToken=1), name="kith_execute", arguments={"peer": "studio", "shell": "sleep 3; echo ja"})
    same(answer.headers["content-type"], "text/event-stream")
    found = at.messages(answer)
    same(found[0]["method"], "notifications/progress")
    same(found[-1]["result"]["structuredContent"]["stdout"], "ja\n")
    for progress in ({"progressToken": 1}, {}):
        mark = f"603.{os.getpid()}{len(progress)}"
        link = http.client.HTTPConnection("127.0.0.1", at.port, timeout=3 if progress else 1)
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"_meta": meta(**progress), "name": "kith_execute", "arguments": {"peer": "studio", "command": ["sleep", mark]}}})
        headers = {"content-type": "application/json", "accept": "application/json, text/event-stream", "authorization": f"Bearer {at.token}", "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "kith_execute"}
        link.request("POST", "/mcp", body, headers)
        wait_until(lambda: runs(mark), "it runs")
        link.close()
        wait_until(lambda: not runs(mark), "hanging up ended it", 6)


def runs(mark):
    return subprocess.run(["pgrep", "-f", f"sleep {mark}"], capture_output=True).returncode == 0


def a_subscription_speaks_as_events(mesh):
    at = Door(mesh)
    answer = at.modern("subscriptions/listen", notifications={"resourceSubscriptions": ["kith://context/live"]})
    same(answer.headers["content-type"], "text/event-stream")
    for number in range(20):
        mesh.laptop.kith("context", "set", "live", str(number))
        time.sleep(0.3)
    text = answer.read1(65536).decode()
    while "resources/updated" not in text:
        text += answer.read1(65536).decode()
    holds("subscriptions/acknowledged" in text.split("\n\n")[0], text)
    mesh.laptop.stop()
    text += answer.read().decode()
    holds('"resultType":"complete"' in text.strip().split("\n\n")[-1], text[-500:])
    mesh.laptop.start()


def the_door_is_shut_unless_asked_for(mesh):
    holds(not os.path.exists(f"{mesh.studio.folder}/mcp-http.json"), "studio did not ask for it")


run([strangers_are_turned_away, what_is_malformed_gets_a_status, both_eras_are_served, progress_comes_as_events_and_hanging_up_cancels, a_subscription_speaks_as_events, the_door_is_shut_unless_asked_for],
    more="mcp:\n  httpPort: 0\n")
