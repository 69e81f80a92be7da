"""How long `demo` takes until it has handled its first message, and the memory of its processes.

Reference: `python -c pass` in the same run.
"""

import json
import subprocess
import sys
import time

import psutil

SECONDS = 20


def main() -> None:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    bare = time.perf_counter() - started
    started = time.perf_counter()
    command = [sys.executable, "run_bots.py", "demo", "--for", str(SECONDS), "--messages", "20", "--json"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert demo.stderr is not None
    first = demo.stderr.readline()
    ready = time.perf_counter() - started
    peak = _peak_memory(demo)
    counts = json.loads(demo.communicate()[0].splitlines()[-1])
    print(f"ready after {ready:.1f} s ({ready / bare:.0f} times `python -c pass`): {first.strip()}")
    print(f"peak memory of all processes {peak // 1024**2} MB; {counts['messages']} messages, {counts['lost']} lost")


def _peak_memory(process: "subprocess.Popen[str]") -> int:
    """Bytes, resident, of the process and its children, looked at twice a second until it ends."""
    peak = 0
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            family = [watched, *watched.children(recursive=True)]
            peak = max(peak, sum(member.memory_info().rss for member in family))
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.5)
    return peak


if __name__ == "__main__":
    main()
