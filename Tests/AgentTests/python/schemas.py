# usage: from schemas import Judge     holds every message of the server to the JSON Schema of its revision
import json, os

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "schemas")
MODERN, LEGACY = "2026-07-28", "2025-11-25"
TASKS = "io.modelcontextprotocol/tasks"

RESULTS = {
    "initialize": "InitializeResult", "ping": "EmptyResult", "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult", "tools/call": "CallToolResult", "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult", "resources/read": "ReadResourceResult",
    "resources/subscribe": "EmptyResult", "resources/unsubscribe": "EmptyResult", "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult", "completion/complete": "CompleteResult",
    "subscriptions/listen": "SubscriptionsListenResult", "tasks/get": "GetTaskResult",
    "tasks/update": "UpdateTaskResult", "tasks/cancel": "CancelTaskResult",
}
NOTIFICATIONS = {
    "notifications/progress": "ProgressNotification", "notifications/resources/updated": "ResourceUpdatedNotification",
    "notifications/subscriptions/acknowledged": "SubscriptionsAcknowledgedNotification",
    "notifications/cancelled": "CancelledNotification", "notifications/tasks": "TaskStatusNotification",
}


def load(name):
    with open(f"{FOLDER}/schema-{name}.json") as file:
        return json.load(file)


DOCUMENTS = {MODERN: load(MODERN), LEGACY: load(LEGACY), TASKS: load("ext-tasks-draft")}
REGISTRY = Registry().with_resources((f"kith:{name}", Resource.from_contents(text)) for name, text in DOCUMENTS.items())


def check(document, name, value):
    validator = Draft202012Validator({"$ref": f"kith:{document}#/$defs/{name}"}, registry=REGISTRY)
    problems = [f"{list(p.absolute_path)}: {p.message[:300]}" for p in validator.iter_errors(value)]
    if problems:
        raise AssertionError(f"not a {name} of {document}: {problems[:3]}\n{json.dumps(value)[:1500]}")


class Judge:
    """Hears both sides of a connection and checks what the server says."""

    def __init__(self):
        self.asked, self.legacy, self.outputs, self.checked = {}, False, {}, 0

    def client(self, message):
        if not isinstance(message, dict):
            return
        if "method" in message and "id" in message:
            self.asked[json.dumps(message["id"])] = message
            self.legacy = self.legacy or message["method"] == "initialize"

    def server(self, message):
        self.checked += 1
        revision = LEGACY if self.legacy else MODERN
        if "method" in message:
            return self.said(revision, message)
        if "error" in message:
            return check(revision, "JSONRPCErrorResponse", message)
        check(revision, "JSONRPCResultResponse", message)
        request = self.asked.get(json.dumps(message["id"]))
        assert request, f"an answer to nothing: {message}"
        self.result(revision, request, message["result"])

    def said(self, revision, message):
        if "id" in message:
            assert self.legacy, f"the newer era's server asks nothing: {message}"
            return check(revision, "ElicitRequest", message)
        name = NOTIFICATIONS[message["method"]]
        check(TASKS if name.startswith("Task") else revision, name, message)

    def result(self, revision, request, result):
        name, document = RESULTS[request["method"]], revision
        if result.get("resultType") == "task":
            name, document = "CreateTaskResult", TASKS
        elif result.get("resultType") == "input_required":
            name = "InputRequiredResult"
        elif request["method"].startswith("tasks/"):
            document = TASKS
        check(document, name, result)
        if not self.legacy:
            assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "kith", result
        if name == "ListToolsResult":
            for tool in result["tools"]:
                Draft202012Validator.check_schema(tool["inputSchema"]), Draft202012Validator.check_schema(tool["outputSchema"])
                self.outputs[tool["name"]] = tool["outputSchema"]
        if name == "CallToolResult" and not result.get("isError"):
            self.structured(request["params"]["name"], result)
        if request["method"] == "tasks/get" and result.get("status") == "completed":
            check(revision, "CallToolResult", result["result"])

    def structured(self, tool, result):
        if tool in self.outputs:
            problems = list(Draft202012Validator(self.outputs[tool]).iter_errors(result["structuredContent"]))
            assert not problems, f"{tool}: {problems[0].message}\n{json.dumps(result)[:1500]}"
