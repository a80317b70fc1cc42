"""What a result was measured on and with, so that it can be judged later."""
import os
import platform
import re
import subprocess


def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8") as file:
            match = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return "unknown"
    return match[1] if match else "unknown"


def machine():
    return {
        "cpu": first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+)")) / (1 << 20), 1),
        "kernel": platform.release().split("-")[0],
        "system": first_match("/etc/os-release", r'^PRETTY_NAME="(.*)"$'),
        "load_before": round(os.getloadavg()[0], 2),
    }


def package(name):
    words = ["dpkg-query", "-W", "-f", "${Version}", name]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else "not a package"


def sentence(about):
    noisy = " (others were at work: trust ratios only)" if about["load_before"] > 0.5 else ""
    return (f"{about['cores']} cores of {about['cpu']}, {about['memory_gb']} GB, Linux {about['kernel']}, {about['system']}; "
            f"load before the start {about['load_before']}{noisy}")
