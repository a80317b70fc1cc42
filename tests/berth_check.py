#!/usr/bin/env python3
"""berth-check finds nothing in the examples, and names each crime of tests/plugins/unruly. usage: berth_check.py BUILD"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

# operation: the check that must fail, and a word that its finding must have
CRIMES = {
    "twice": ("rules", "late_answer"), "never": ("cancel", "within 5 s"), "toss": ("throw", "out of the plugin"),
    "slow": ("slow", "ms"), "crash": ("inputs", "Segmentation"), "edge": ("inputs", "plugin_error"),
    "half_json": ("rules", "bad_json"), "latin": ("rules", "bad_json"), "cheerful": ("rules", "status 200"),
    "wordy": ("rules", "Not A Word"), "stranger": ("rules", "wrong_answer"), "misfit": ("outputs", "/count"),
    "crowd": ("concurrent", "failed"), "bad_example": ("schemas", "/n"), "waiting": ("rules", "wait_outside"),
    "deaf": ("cancel", "after its client had left"), "pushy": ("rules", "past_full"), "stuck": ("backpressure", "drained"),
    "latecomer": ("rules", "late_chunk"), "headless": ("rules", "no_begin"), "no_file": ("rules", "bad_file"),
    "two_lines": ("rules", "bad_head"), "closer": ("rules", "closed_body"), "garbled": ("rules", "bad_text"),
    "odd_code": ("rules", "bad_close_code"), "small_struct": ("rules", "bad_struct"), "impostor": ("rules", "unknown_call"),
    "picky": ("flows", "upload of 0 bytes failed"), "glutton": ("flows", "upload of 300000 bytes was not answered within 5 s"),
    "abyss": ("flows", "upload of 300000 bytes was never answered"), "sour": ("flows", "failed (500 plugin_error)"),
    "endless": ("flows", "did not end in 2 s"), "touchy": ("flows", "a message was answered with 500 plugin_error"),
}
LIVES = {
    "throw_in_create": ("config", "out of create"), "refuse_silently": ("config", "without refuse"),
    "leak_memory": ("life", "heap"), "leak_file": ("life", "descriptors"), "leave_thread": ("rules", "after_destroy"),
    "only_one": ("end", "a second instance does not start"), "end_for_all": ("end", "did not end cleanly"),
}
failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)
        print(f"FAIL: {what}")


def check(build, library, *options):
    program = os.path.join(build, "bin/berth-check")
    run = subprocess.run([program, "--json", *options, library], capture_output=True, text=True, timeout=500)
    return run.returncode, json.loads(run.stdout) if run.stdout else {"findings": []}


def named(report, name, word, operation=""):
    return any(one["check"] == name and word in one["why"] and one["verdict"] in ("FAIL", "warn")
               and (not operation or one["operation"] == operation) for one in report["findings"])


def examples(build):
    for name in ("clock", "ticker", "echo_c", "shelf"):
        code, report = check(build, f"{build}/lib/berth/plugins/{name}.so", "--quick", "--strict")
        wrong = [one for one in report["findings"] if one["verdict"] in ("FAIL", "warn")]
        expect(code == 0 and not wrong, f"{name}: {wrong}")


def outside(build):
    """What declares http and process starts, and is told what no check reaches."""
    _, report = check(build, f"{build}/tests/services/local.so", "--quick", "--only", "config", "--only", "outside")
    said = [one["why"] for one in report["findings"] if one["check"] == "outside" and one["verdict"] == "skipped"]
    expect(any("HTTP services" in why for why in said) and any("no program" in why for why in said), f"outside: {report}")
    expect(not named(report, "config", ""), f"a plugin with http and process starts: {report}")


def crimes(build, library):
    code, report = check(build, library, "--quick", "--without", "unruly.hang")
    expect(code == 1, "the crimes end with exit code 1")
    for operation, (name, word) in CRIMES.items():
        whole = "unruly." + operation
        expect(named(report, name, word, whole),
               f"{whole}: {name} says \"{word}\"; it says {[one for one in report['findings'] if one['operation'] == whole]}")
    well = [one for one in report["findings"] if one["operation"] == "unruly.well" and one["verdict"] in ("FAIL", "warn")]
    expect(not well, f"what does nothing wrong is not named: {well}")
    others = [f"unruly.{name}" for name in CRIMES]
    without = [word for name in others for word in ("--without", name)]
    code, report = check(build, library, "--quick", "--deadline", "2", "--only", "inputs", *without)
    expect(named(report, "inputs", "hung for 2 s while calling unruly.hang", "unruly.hang"), f"hang: {report}")


def lives(build, library, room):
    for crime, (name, word) in LIVES.items():
        config = f"{room}/{crime}.json"
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"crime": crime}, file)
        only = [word for each in ("config", "life", "end", "rules") for word in ("--only", each)]
        without = [word for name in (*CRIMES, "hang") for word in ("--without", f"unruly.{name}")]
        strict = ["--strict"] if crime == "only_one" else []  # which is a warning
        code, report = check(build, library, *strict, "--config", config, *without, *only)
        expect(code == 1 and named(report, name, word), f"{crime}: {name} says \"{word}\"; it says {report}")


def ends(build, library):
    """A call under way that its client's leaving does not end is found by `end` alone; and a plugin that ends well is not named."""
    for innocent, guilty in ((False, "never"), (True, "")):
        without = [word for name in (*CRIMES, "hang") if name != guilty for word in ("--without", f"unruly.{name}")]
        code, report = check(build, library, "--strict", "--only", "end", *without)
        expect(named(report, "end", "did not end cleanly") != innocent, f"innocent {innocent}: {report}")
        expect((code == 0) == innocent, f"innocent {innocent}: exit code {code}")
        expect(innocent or named(report, "rules", "left_open", "unruly.never"), f"left_open is named: {report}")


def files(build, library, room):
    stem = f"{room}/unruly"
    shutil.copy(library, stem + ".so")
    gate = ("--only", "manifest")
    expect(named(check(build, stem + ".so", *gate)[1], "manifest", "no unruly.berth.json"), "a missing manifest is named")
    with open(stem + ".berth.json", "w", encoding="utf-8") as file:
        file.write("{}")
    expect(named(check(build, stem + ".so", *gate)[1], "manifest", "not the one in its code"), "another manifest is named")
    shutil.copy(library[:-3] + ".berth.json", stem + ".berth.json")
    expect(not named(check(build, stem + ".so", *gate)[1], "manifest", ""), "the right manifest is right")
    with open(stem + ".so", "ab") as file:
        file.write(b"changed")
    expect(named(check(build, stem + ".so", *gate)[1], "manifest", "SHA-256"), "a library changed after its manifest is named")
    for name, word in (("no_entry", "does not export"), ("null_entry", "returned nothing"), ("other_major", "built for ABI"),
                       ("small_table", "too small"), ("no_manifest", "gaps")):
        expect(named(check(build, f"{build}/tests/broken/{name}.so")[1], "entry", word), f"{name}: {word}")
    expect(check(build, f"{room}/none.so")[0] == 2, "a file that is not there is a slip of the user's")
    expect(check(build, library, "--nonsense")[0] == 2, "an unknown option is a slip of the user's")


def main(build):
    library = f"{build}/tests/unruly/unruly.so"
    with tempfile.TemporaryDirectory() as room:
        files(build, library, room)
        examples(build)
        outside(build)
        lives(build, library, room)
        ends(build, library)
        crimes(build, library)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
