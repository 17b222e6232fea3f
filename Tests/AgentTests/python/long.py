# usage: long.py [SECONDS]     by hand: a call of ten minutes, as a task and as a job to poll, with progress in between
import os, sys, time

from mesh import Mesh, holds, same
from raw import Raw, meta

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 600
line = f"sleep {SECONDS}; echo over"

with Mesh() as mesh, Raw(mesh.laptop) as server, Raw(mesh.laptop, revision="2025-11-25") as old:
    m = meta(capabilities={"extensions": {"io.modelcontextprotocol/tasks": {}}})
    begun = time.monotonic()
    task = server.call("kith_execute", m, peer="studio", shell=line)["taskId"]
    job = old.call("kith_execute", {"progressToken": 1}, peer="studio", shell=line, wait_seconds=50)["structuredContent"]
    waits = 1
    while job["state"] == "running":
        job = old.call("kith_job", {"progressToken": 1}, peer="studio", job_id=job["jobID"], action="wait", wait_seconds=50)["structuredContent"]
        waits += 1
    print(f"job: exit {job['exitCode']}, {job['stdout']!r} after {time.monotonic() - begun:.0f} s, {waits} waits, {len(old.other)} notifications of progress")
    polls = 0
    while (now := server.ask("tasks/get", taskId=task, _meta=m))["status"] == "working":
        polls += 1
        time.sleep(2)
    print(f"task: {now['status']}, {now['result']['structuredContent']['stdout']!r} after {time.monotonic() - begun:.0f} s")
    same((now["status"], job["stdout"]), ("completed", "over\n"))
