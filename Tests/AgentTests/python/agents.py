# usage: agents.py [TEST…]     the real `claude` and `codex`, with a scripted model, drive a second machine
import glob, json, os, re, shutil, subprocess, sysconfig

from mesh import KITH, Failure, holds, run, same
from model import Model

PACKAGES = sysconfig.get_paths()["purelib"]
CLAUDE, CODEX = f"{PACKAGES}/claude_agent_sdk/_bundled/claude", f"{PACKAGES}/codex_cli_bin/bin/codex"


def script(mesh):
    """What the model does: look, run a command there, send a file there, read a value from there."""
    with open(f"{mesh.laptop.user}/letter.txt", "w") as file:
        file.write("from the laptop\n")
    mesh.studio.kith("context", "set", "note", "the value on studio")
    mesh.studio.kith("task", "post", "tidy up")
    return [
        ("kith_list_peers", {}),
        ("kith_execute", {"peer": "studio", "command": ["sh", "-c", "echo ran in $PWD; exit 3"]}),
        ("kith_transfer_file", {"peer": "studio", "direction": "send", "sources": [f"{mesh.laptop.user}/letter.txt"], "destination": "inbox/"}),
        ("kith_context_get", {"peer": "studio", "key": "note"}),
        ("kith_task_claim", {"everywhere": True}),
        ("kith_task_update", lambda results: {"task": named(results[4], "tidy up"), "claim": 1, "action": "complete", "text": "tidied"}),
    ]


def named(text, title):
    """The id of the task that an answer speaks of."""
    holds(title in text, text)
    return re.search(r"t[a-z2-7]{12}-[a-z2-7]{8}", text).group()


def check(mesh, model, client):
    same(len(model.results), 6, f"six results; tools offered: {sorted(model.tools)}; {model.results}")
    peers, ran, sent, value, claimed, done = model.results
    holds("studio" in peers and "online" in peers, peers)
    holds(f"ran in {mesh.studio.user}" in ran and "3" in ran, ran)
    holds("1 entries" in sent or '"entries":1' in sent.replace(" ", ""), sent)
    holds("the value on studio" in value and "not instructions" in value, value)
    with open(f"{mesh.studio.user}/inbox/letter.txt") as file:
        same(file.read(), "from the laptop\n")
    shutil.rmtree(f"{mesh.studio.user}/inbox")
    task = mesh.studio.json("task", "list", "--all")["entries"][0]
    same((task["title"], task["state"], task["result"]), ("tidy up", "done", "tidied"), "claimed and completed from the other machine")
    holds(task["id"] in claimed and "tidy up" in claimed and "done" in done, (claimed, done))
    names = {record["details"]["client"] for record in mesh.laptop.audit() if (record.get("details") or {}).get("via") == "mcp"}
    holds(any(client in name for name in names), names)


def start(mesh, words, environment, folder):
    answer = subprocess.run(words, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150)
    if answer.returncode:
        raise Failure(f"{words[0]} ended with {answer.returncode}\n{answer.stdout[-3000:]}\n{answer.stderr[-3000:]}")
    return answer.stdout


def environment(mesh, program, **more):
    here = f"{os.path.dirname(program)}:{mesh.laptop.environment['PATH']}"
    return {**mesh.laptop.environment, "PATH": here, "TERM": "dumb", **more}


def claude_environment(mesh, model):
    return environment(
        mesh, CLAUDE, ANTHROPIC_BASE_URL=model.url, ANTHROPIC_API_KEY="none", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        DISABLE_AUTOUPDATER="1", DISABLE_TELEMETRY="1", IS_SANDBOX="1", ENABLE_TOOL_SEARCH="false", MCP_TIMEOUT="30000")


def claude_with_a_configuration_drives_a_second_machine(mesh):
    model = Model(script(mesh))
    path = f"{mesh.root}/mcp.json"
    mesh.laptop.kith("mcp", "add", "--file", path)
    words = [CLAUDE, "-p", "Use my machines.", "--mcp-config", path, "--strict-mcp-config", "--output-format", "json", "--model", "sonnet",
             "--allowedTools", "mcp__kith", "--setting-sources", ""]
    said = json.loads(start(mesh, words, claude_environment(mesh, model), mesh.laptop.user))
    said = said if isinstance(said, dict) else said[-1]
    same(said["result"], "DONE")
    check(mesh, model, "claude-code")
    model.close()


def claude_that_was_registered_drives_a_second_machine(mesh):
    model = Model(script(mesh))
    env = claude_environment(mesh, model)
    register(mesh, env, "claude")
    words = [CLAUDE, "-p", "Use my machines.", "--output-format", "json", "--model", "sonnet", "--allowedTools", "mcp__kith"]
    start(mesh, words, env, mesh.laptop.user)
    check(mesh, model, "claude-code")
    unregister(mesh, env, "claude")
    model.close()


def init_offers_the_registration(mesh):
    env = claude_environment(mesh, type("None", (), {"url": "http://127.0.0.1:9"}))
    env["HOME"] = f"{mesh.root}/newcomer"
    os.makedirs(env["HOME"])
    env["KITH_HOME"] = f"{env['HOME']}/kith"
    same(init(env, None, "--no-mcp"), "")
    same(kith(env, "status", "claude")["state"], "missing", "not where it was refused")
    holds("May Claude Code use your machines through Kith? [y/N]" in init(env, "n"), "asked")
    same(kith(env, "status", "claude")["state"], "missing", "not where the answer was no")
    holds("Claude Code knows Kith now" in init(env, "y"), "done")
    same(kith(env, "status", "claude")["state"], "registered")
    holds("May" not in init(env, None), "nothing to ask a second time")
    kith(env, "remove", "claude")
    said = subprocess.run([KITH, "init", "--mcp"], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    same((said.returncode, kith(env, "status", "claude")["state"]), (0, "registered"), "without a terminal, where it was asked for")


def init(env, answer, *words):
    """`kith init` at a terminal; the question and what followed."""
    master, end = os.openpty()
    process = subprocess.Popen([KITH, "init", *words], env=env, stdin=end, stderr=end, stdout=subprocess.DEVNULL, start_new_session=True)
    os.close(end)
    text, asked = b"", False
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        text += piece
        if not piece:
            break
        if answer and not asked and b"[y/N]" in text:
            asked = True
            os.write(master, answer.encode() + b"\n")
    same(process.wait(60), 0, text)
    return text.decode()


def codex_that_was_registered_drives_a_second_machine(mesh):
    model = Model(script(mesh))
    home = f"{mesh.root}/codex"
    os.makedirs(home, exist_ok=True)
    env = environment(mesh, CODEX, CODEX_HOME=home, NONE_KEY="none")
    provider = f'{{name="scripted", base_url="{model.url}/v1", wire_api="responses", env_key="NONE_KEY"}}'
    register(mesh, env, "codex")
    words = [CODEX, "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "-m", "scripted",
             "-c", "model_provider=scripted", "-c", f"model_providers.scripted={provider}", "Use my machines."]
    start(mesh, words, env, mesh.laptop.user)
    check(mesh, model, "codex")
    unregister(mesh, env, "codex")
    model.close()


def kith(env, *words):
    answer = subprocess.run([KITH, "mcp", *words, "--json"], env=env, capture_output=True, text=True, timeout=60)
    if answer.returncode:
        raise Failure(f"kith mcp {' '.join(words)}: {answer.stdout}{answer.stderr}")
    return json.loads(answer.stdout)["agents"][0]


def register(mesh, env, agent):
    """Dry, wet, and a second time."""
    same((kith(env, "add", agent, "--dry-run")["isDone"], kith(env, "status", agent)["state"]), (False, "missing"))
    holds(f"{agent} mcp add" in kith(env, "add", agent)["steps"][-1], "through its own command")
    same(kith(env, "status", agent)["state"], "registered")
    same(kith(env, "add", agent)["steps"], [], "a second time changes nothing")


def unregister(mesh, env, agent):
    same(kith(env, "remove", agent)["isDone"], True)
    same((kith(env, "status", agent)["state"], kith(env, "remove", agent)["isDone"]), ("missing", False))


def missing(mesh):
    raise Failure(f"not installed: {[path for path in (CLAUDE, CODEX) if not os.access(path, os.X_OK)]}")


tests = [claude_with_a_configuration_drives_a_second_machine, claude_that_was_registered_drives_a_second_machine, init_offers_the_registration] if os.access(CLAUDE, os.X_OK) else [missing]
tests += [codex_that_was_registered_drives_a_second_machine] if os.access(CODEX, os.X_OK) else [missing]
run(tests)
