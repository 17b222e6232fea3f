# usage: sdk.py [TEST…]     the official SDK's client in every revision it knows, and fastmcp's; all of it is judged
import contextlib, json, os, sys

import httpx2
import mcp.client.session as session
import mcp_types as types
from fastmcp import Client as FastClient
from fastmcp.client.transports import StdioTransport
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from mesh import HERE, KITH, PYTHON, holds, run, same
from schemas import Judge

PORT = None


@contextlib.contextmanager
def judged(mesh):
    """A log of the conversation, judged at the end."""
    log = f"{mesh.root}/talk.jsonl"
    open(log, "w").close()
    yield StdioServerParameters(
        command=PYTHON, args=[f"{HERE}/tee.py", log, "--", KITH, "mcp", "serve"], env=mesh.laptop.environment, cwd=mesh.laptop.user)
    judge = Judge()
    with open(log) as file:
        for line in file:
            side, text = json.loads(line)
            (judge.client if side == "client" else judge.server)(json.loads(text))
    holds(judge.checked > 5, "something was judged")
    print(f"  {judge.checked} messages of the server fit their schema")


@contextlib.contextmanager
def offering(version):
    """Makes the SDK offer an older revision in its handshake."""
    before = session.LATEST_HANDSHAKE_VERSION
    session.LATEST_HANDSHAKE_VERSION = version
    try:
        yield
    finally:
        session.LATEST_HANDSHAKE_VERSION = before


async def tour(client):
    tools = await client.list_tools()
    holds("kith_execute" in [tool.name for tool in tools.tools], tools)
    found = await client.call_tool("kith_list_peers", {})
    same([(peer["name"], peer["status"]) for peer in found.structured_content["peers"]], [("studio", "online")])
    heard = []

    async def progress(done, total, message):
        heard.append(done)

    result = await client.call_tool(
        "kith_execute", {"peer": "studio", "shell": "sleep 3; hostname; exit 5"}, progress_callback=progress)
    same((result.is_error, result.structured_content["exitCode"]), (False, 5))
    holds(heard, "progress was heard")
    await client.call_tool("kith_context_set", {"key": "sdk", "value": "ja"})
    read = await client.read_resource("kith://context/sdk")
    same(json.loads(read.contents[0].text)["value"], "ja")
    await client.list_resources(), await client.list_resource_templates(), await client.list_prompts()
    prompt = await client.get_prompt("handoff", {"peer": "studio"})
    holds("studio" in prompt.messages[0].content.text, prompt)
    done = await client.complete(types.PromptReference(type="ref/prompt", name="handoff"), {"name": "peer", "value": ""})
    same(done.completion.values, ["studio"])
    failed = await client.call_tool("kith_execute", {"peer": "nobody", "shell": "true"})
    holds(failed.is_error and "peer.unknown" in failed.content[0].text, failed)


async def every_revision_with_a_handshake(mesh):
    for version in HANDSHAKE_PROTOCOL_VERSIONS:
        with offering(version), judged(mesh) as server:
            async with Client(server, mode="legacy") as client:
                same(client.session.protocol_version, version)
                await tour(client)


async def every_revision_without_one(mesh):
    for version in MODERN_PROTOCOL_VERSIONS:
        with judged(mesh) as server:
            async with Client(server, mode=version) as client:
                await tour(client)


async def a_client_that_finds_out_by_itself(mesh):
    with judged(mesh) as server:
        async with Client(server) as client:
            same(client.session.protocol_version, MODERN_PROTOCOL_VERSIONS[-1])
            await tour(client)


async def a_person_who_is_asked(mesh):
    async def agree(context, params):
        return types.ElicitResult(action="accept", content={})

    for mode in ("legacy", "auto"):
        with judged(mesh) as server:
            server.args.append("--confirm")
            async with Client(server, mode=mode, elicitation_callback=agree) as client:
                result = await client.call_tool("kith_execute", {"peer": "studio", "command": ["echo", "ja"]})
                same(result.structured_content["stdout"], "ja\n")
                await client.list_tools(), await client.list_prompts(), await client.list_resources()


async def fastmcp(mesh):
    with judged(mesh) as server:
        transport = StdioTransport(server.command, server.args, env=server.env, cwd=server.cwd, keep_alive=False)
        async with FastClient(transport) as client:
            holds("kith_execute" in [tool.name for tool in await client.list_tools()], "tools")
            result = await client.call_tool("kith_execute", {"peer": "studio", "command": ["echo", "fast"]})
            same(result.structured_content["stdout"], "fast\n")
            await client.list_resources(), await client.list_prompts()
            read = await client.read_resource("kith://peers")
            same(json.loads(read[0].text)["peers"][0]["name"], "studio")


async def streamable_http(mesh):
    with open(f"{mesh.laptop.folder}/mcp-http.json") as file:
        door = json.load(file)
    for mode in ("legacy", "auto", *MODERN_PROTOCOL_VERSIONS):
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {door['token']}"}, timeout=60) as http:
            async with Client(streamable_http_client(door["url"], http_client=http), mode=mode) as client:
                await tour(client)
    async with FastClient(door["url"], auth=door["token"]) as client:
        holds("kith_execute" in [tool.name for tool in await client.list_tools()], "tools")


run([every_revision_with_a_handshake, every_revision_without_one, a_client_that_finds_out_by_itself, a_person_who_is_asked, fastmcp, streamable_http],
    more="mcp:\n  httpPort: 0\n")
