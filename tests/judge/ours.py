"""What Berth's own look says, by ooxml-look; and both verdicts made comparable: parts, paths without prefixes, what a file is called."""
import json
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def binary():
    """Where ooxml-look is; None: nowhere."""
    told = os.environ.get("OOXML_LOOK")
    places = [told] if told else [f"{ROOT}/build/{preset}/{folder}/ooxml-look" for preset in ("test", "dev", "release", "asan") for folder in ("tests", "bin")]
    return next((path for path in places if os.access(path, os.X_OK)), None)


def look(program, paths, office="2019", seconds=1800):
    """{path: what it said}; a file at which it fell over has {"fell": …}."""
    said, left = {}, list(paths)
    while left:
        done = subprocess.run([program, "--office", office], input="\n".join(left) + "\n", capture_output=True, text=True, timeout=seconds, check=False)
        for path, line in zip(left, done.stdout.splitlines()):
            try:
                said[path] = json.loads(line)
            except ValueError:
                break
        rest = [path for path in left if path not in said]
        if not rest:
            break
        said[rest[0]] = {"fell": f"status {done.returncode}: {done.stderr[-200:]}", "findings": []}
        left = rest[1:]
    return said


def bare(path):
    """A path without prefixes: of two programs each has its own."""
    return re.sub(r"/[^/:\[]+:", "/", path or "")


def strongest(findings):
    """Those that a judge would look for (no rules of Office's own), and all but hints."""
    layers = {"refused": ("package", "xml", "schema", "semantic"), "schema": ("package", "xml", "schema", "semantic"), "repaired": ("package", "xml", "schema")}
    seen = [one for one in findings if one["layer"] in layers.get(one["severity"], ())]
    return seen, [one for one in findings if one["severity"] != "hint"]


def owner(part, kind=""):
    """Whose grammar or rules a part is under."""
    part = part.lower().lstrip("/")
    if kind in ("compatibility", "namespace", "recode", "harmless"):
        return "engine"
    if not part or part.endswith(".rels") or part == "[content_types].xml":
        return "pkg"
    if part.startswith("docprops/") or re.search(r"theme|chart(?!sheet)|drawing|diagram|\.vml|embeddings|media", part):
        return "draw"
    return "word" if part.startswith("word/") else "sheet" if part.startswith("xl/") else "pkg"


def reason(error):
    """The cause of one of the judge's errors, short: its id, the element, what is meant."""
    names = re.findall(r"'(?:[^']*[:/])?([\w.\-]+)'", error["text"])
    element = bare(error["path"]).rpartition("/")[2].partition("[")[0]
    if not error["id"]:
        return f"{error['type']}: {error['text'].splitlines()[0][:80] if error['text'] else ''}"
    if "Undeclared" in error["id"] or "Attribute" in error["id"]:
        return f"{error['id']} {element} @{names[0] if names else '?'}"
    if "Element" in error["id"] or "Content" in error["id"]:
        return f"{error['id']} {element} > {names[0] if names else '?'}"
    return f"{error['id']} {element} {' '.join(names[:3])[:80]}"


def own_reason(finding):
    element = bare(finding.get("path", "")).rpartition("/")[2].partition("[")[0]
    return f"{finding['severity']} {finding['layer']} {finding['code']} {element} {finding.get('name', '')}".rstrip()
