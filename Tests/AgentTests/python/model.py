# usage: from model import Model     a model on loopback that does what its script says, for real agents
"""Speaks as much of two dialects (Anthropic Messages, OpenAI Responses) as `claude` and `codex` need.

The script is a list of (words of a tool's name, arguments, or a function of the results so far that gives them); the model calls them one after the other and then says
DONE. What it was told of each result is kept in `results`."""
import gzip, itertools, json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Model:
    def __init__(self, script):
        self.script, self.results, self.tools, self.count, self.lock = list(script), [], set(), itertools.count(1), threading.Lock()
        self.bodies = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.reply({})

            def do_GET(self):
                self.reply({"data": [], "models": [], "object": "list", "has_more": False})

            def do_POST(self):
                path, body = self.path.split("?")[0], self.body()
                if path.endswith("/count_tokens"):
                    return self.reply({"input_tokens": 10})
                if path.endswith("/messages"):
                    return model.messages(self, body)
                if path.endswith("/responses"):
                    return model.responses(self, body)
                self.reply({})

            def body(self):
                if self.headers.get("transfer-encoding", "").lower() == "chunked":
                    raw = b""
                    while size := int(self.rfile.readline().strip() or b"0", 16):
                        raw += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                else:
                    raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.headers.get("content-encoding") == "gzip":
                    raw = gzip.decompress(raw)
                return json.loads(raw or b"{}")

            def reply(self, value):
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json"), self.send_header("content-length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def events(self, events):
                self.send_response(200)
                self.send_header("content-type", "text/event-stream"), self.send_header("connection", "close")
                self.end_headers()
                for name, value in events:
                    self.wfile.write(f"event: {name}\ndata: {json.dumps(value)}\n\n".encode())
                self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()

    def step(self, names):
        """The next call: the full name of a tool that was offered, and its arguments; None at the end."""
        with self.lock:
            self.tools |= set(names)
            if not names or len(self.results) >= len(self.script):
                return None
            wanted, arguments = self.script[len(self.results)]
            arguments = arguments(self.results) if callable(arguments) else arguments
            name = next((name for name in names if name.endswith(wanted)), None)
            return (name, arguments) if name else None

    def note(self, texts):
        """All results so far, as the conversation carries them."""
        with self.lock:
            if len(texts) > len(self.results):
                self.results = texts

    # -- Anthropic Messages

    def messages(self, http, body):
        texts = [text(block.get("content")) for message in body.get("messages", []) if isinstance(message.get("content"), list)
                 for block in message["content"] if block.get("type") == "tool_result"]
        self.note(texts)
        self.bodies.append(body)
        call = self.step([tool["name"] for tool in body.get("tools", []) if "name" in tool])
        usage = {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        message = {"id": f"msg_{next(self.count)}", "type": "message", "role": "assistant", "model": body.get("model", "model"),
                   "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
        if call:
            block, stop = {"type": "tool_use", "id": f"toolu_{next(self.count)}", "name": call[0], "input": {}}, "tool_use"
            delta = {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
        else:
            block, stop, delta = {"type": "text", "text": ""}, "end_turn", {"type": "text_delta", "text": "DONE"}
        if not body.get("stream"):
            whole = {**block, "input": call[1]} if call else {"type": "text", "text": "DONE"}
            return http.reply({**message, "content": [whole], "stop_reason": stop})
        http.events([
            ("message_start", {"type": "message_start", "message": message}),
            ("content_block_start", {"type": "content_block_start", "index": 0, "content_block": block}),
            ("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": delta}),
            ("content_block_stop", {"type": "content_block_stop", "index": 0}),
            ("message_delta", {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": 1}}),
            ("message_stop", {"type": "message_stop"}),
        ])

    # -- OpenAI Responses

    def responses(self, http, body):
        items = body.get("input", [])
        items = items if isinstance(items, list) else []
        self.note([text(item.get("output")) for item in items if item.get("type") in ("function_call_output", "custom_tool_call_output")])
        self.bodies.append(body)
        names = {}
        for tool in body.get("tools", []):
            if tool.get("type") == "namespace":
                names |= {f"{tool['name']}{one['name']}": (one["name"], tool["name"]) for one in tool.get("tools", [])}
            elif tool.get("name"):
                names[tool["name"]] = (tool["name"], None)
        call = self.step(list(names))
        if call:
            name, namespace = names[call[0]]
            item = {"type": "function_call", "id": f"fc_{next(self.count)}", "call_id": f"call_{next(self.count)}",
                    "name": name, "arguments": json.dumps(call[1]), "status": "completed"}
            item |= {"namespace": namespace} if namespace else {}
        else:
            item = {"type": "message", "id": f"msg_{next(self.count)}", "role": "assistant", "status": "completed",
                    "content": [{"type": "output_text", "text": "DONE", "annotations": []}]}
        answer = {"id": f"resp_{next(self.count)}", "object": "response", "created_at": 1, "status": "in_progress", "model": body.get("model", "model"), "output": []}
        usage = {"input_tokens": 1, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 2}
        events = [
            {"type": "response.created", "response": answer},
            {"type": "response.output_item.added", "output_index": 0, "item": {**item, "status": "in_progress"}},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": {**answer, "status": "completed", "output": [item], "usage": usage}},
        ]
        http.events([(event["type"], {**event, "sequence_number": number}) for number, event in enumerate(events)])


def text(content):
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(block.get("text", "") for block in content if isinstance(block, dict))
    return json.dumps(content)
