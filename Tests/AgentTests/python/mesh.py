# usage: from mesh import MESH, run     two paired nodes of Kith on loopback, and a runner for tests
"""KITH_BIN names the folder of `kith` and `kithd`; everything made here is below one temporary folder."""
import asyncio, inspect, json, os, shutil, signal, socket, subprocess, sys, tempfile, time, traceback

BIN = os.path.abspath(os.environ["KITH_BIN"])
KITH, KITHD = f"{BIN}/kith", f"{BIN}/kithd"
PYTHON = sys.executable
HERE = os.path.dirname(os.path.abspath(__file__))


class Failure(Exception):
    pass


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until(claim, what, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():
            return
        time.sleep(0.02)
    raise Failure(f"{what}: not within {seconds} s")


class Node:
    def __init__(self, root, name, more="", place="/kith"):
        self.name, self.folder, self.user = name, f"{root}/{name}{place}", f"{root}/{name}/user"
        os.makedirs(self.folder, mode=0o700), os.makedirs(self.user, mode=0o700)
        self.process = None
        self.environment = {
            "HOME": self.user, "KITH_HOME": self.folder, "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
        }
        with open(f"{self.folder}/config.yaml", "w") as file:
            file.write(f"name: {name}\nlisten:\n  host: 127.0.0.1\n  port: {free_port()}\ndiscovery: false\n{more}")

    def start(self):
        if not os.path.exists(f"{self.folder}/identity"):
            self.kith("init", "--no-mcp")
        log = open(f"{self.folder}/daemon.log", "ab")
        self.process = subprocess.Popen([KITHD, "run"], env=self.environment, stdout=log, stderr=log)
        wait_until(lambda: self.kith("status", check=False).returncode == 0, f"{self.name} answers")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def kith(self, *words, check=True, **options):
        answer = subprocess.run([KITH, *words], env=self.environment, cwd=self.user, capture_output=True, text=True, timeout=90, **options)
        if check and answer.returncode:
            raise Failure(f"kith {' '.join(words)} ended with {answer.returncode}: {answer.stdout}{answer.stderr}")
        return answer

    def json(self, *words):
        return json.loads(self.kith(*words, "--json").stdout)

    def audit(self):
        return [json.loads(line) for line in self.kith("logs", "--json", "--lines", "10000").stdout.splitlines()]

    def sees(self, name):
        return any(peer["name"] == name and peer["status"] == "online" for peer in self.json("peers")["peers"])


class Mesh:
    """The nodes laptop and studio, paired as machines of one owner."""

    def __init__(self, more=""):
        self.root = tempfile.mkdtemp(prefix="kith-mcp-")
        self.laptop, self.studio = Node(self.root, "laptop", more), Node(self.root, "studio")

    def __enter__(self):
        try:
            for node in (self.laptop, self.studio):
                node.kith("init"), node.start()
            words, pipe = [KITH, "pair", "--grant", "mine"], subprocess.PIPE
            inviting = subprocess.Popen(words + ["--string"], env=self.studio.environment, stdout=pipe, stderr=pipe)
            joining = subprocess.Popen(words + ["--accept", "-"], env=self.laptop.environment, stdin=inviting.stdout, stdout=pipe, stderr=pipe)
            said = joining.communicate(timeout=60)[1] + inviting.communicate(timeout=60)[1]
            if joining.returncode or inviting.returncode:
                raise Failure(f"pairing failed: {said.decode()}")
            wait_until(lambda: self.laptop.sees("studio") and self.studio.sees("laptop"), "both are online")
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.laptop.stop(), self.studio.stop()
        shutil.rmtree(self.root, ignore_errors=True)


def same(found, expected, what=""):
    if found != expected:
        raise Failure(f"{what}\n  expected: {expected!r}\n  found:    {found!r}")


def holds(claim, what):
    if not claim:
        raise Failure(str(what))


def has_jobs(mesh):
    return "exec.start" in mesh.laptop.kith("call", "--list").stdout


def needs_jobs(test):
    """For tests of what outlasts a call."""
    test.needs = has_jobs
    return test


def run(tests, more=""):
    """Runs `tests` (functions of a mesh, perhaps asynchronous) on one mesh; leaves with 1 if one fails."""
    wanted, failed = sys.argv[1:], 0
    with Mesh(more) as mesh:
        for test in tests:
            if wanted and test.__name__ not in wanted:
                continue
            start = time.monotonic()
            if getattr(test, "needs", None) and not test.needs(mesh):
                print(f"skipped {test.__name__}: this version of Kith has no jobs", flush=True)
                continue
            try:
                if inspect.iscoroutinefunction(test):
                    asyncio.run(asyncio.wait_for(test(mesh), 120))
                else:
                    test(mesh)
                print(f"passed {test.__name__} ({time.monotonic() - start:.2f} s)", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED {test.__name__}\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)
