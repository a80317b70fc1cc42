"""The comparison of both verdicts: of whole files, and of the sites of bundles; counted, and with disagreements grouped by their cause."""
import collections

from ours import bare, own_reason, owner, reason, strongest

Case = collections.namedtuple("Case", "name kind part element attribute judge_bad judge_errors seen all what")


def case_of(name, what, verdict, said):
    """One file as one case."""
    seen, all_ = strongest(said.get("findings", []))
    where = [what.get(key, "") for key in ("part", "element", "attribute")]
    return Case(name, what.get("kind", "corpus"), *where, not verdict["ok"], verdict["errors"], seen, all_, what)


def sites_of(name, what, verdict, said):
    """The cases of a bundle; nothing where the judge did not get to look."""
    if any(not error["id"] for error in verdict["errors"]) or verdict["count"] > len(verdict["errors"]) or "fell" in said:
        return []
    cases = []
    unread = {error["part"] for error in verdict["errors"] if not error["path"]}  # at something in them the judge gave up
    for site in what["sites"]:
        part, path = "/" + site["part"], site["site"]
        if part in unread:
            continue
        errors = [one for one in verdict["errors"] if one["part"] == part and _below(bare(one["path"]), path)]
        findings = [one for one in said["findings"] if one["part"] == part and _below(bare(one["path"]), path)]
        seen, all_ = strongest(findings)
        cases.append(Case(f"{name} {path}", site["kind"], site["part"], site["element"], site.get("attribute", ""), bool(errors), errors, seen, all_, site))
    return cases


def _below(path, site):
    return path == site or path.startswith(site + "/")


def same_part(case):
    return any(error["part"].lower() == finding["part"].lower() for error in case.judge_errors[:1] for finding in case.seen[:5])


def same_parent(case):
    """The first error of the judge is at an element where ours is, or one is the other's parent."""
    first = bare(case.judge_errors[0]["path"])
    return any(path == first or path.rpartition("/")[0] == first or first.rpartition("/")[0] == path for path in (bare(one["path"]) for one in case.seen[:5]))


class Report:
    def __init__(self, cases, known):
        self.known = known  # cause -> why ours is right
        self.cases = cases
        self.missed = [one for one in cases if one.judge_bad and not one.seen]
        self.alarms = [one for one in cases if not one.judge_bad and one.seen]
        self.excused = [one for one in self.missed + self.alarms if self.cause(one) in known]

    def cause(self, case):
        if case.judge_bad:
            return "missed: " + reason(case.judge_errors[0]) if case.judge_errors else "missed: the judge fell over"
        return "alarm: " + own_reason(case.seen[0])

    def numbers(self):
        bad = [one for one in self.cases if one.judge_bad]
        good = [one for one in self.cases if not one.judge_bad]
        hit = [one for one in bad if one.seen]
        placed = [one for one in hit if one.judge_errors and one.judge_errors[0]["part"]]
        excused = {id(one) for one in self.excused}
        return {
            "cases": len(self.cases),
            "judge_invalid": len(bad),
            "recall": _share(hit, bad),
            "judge_valid": len(good),
            "false_alarms": _share(self.alarms, good),
            "recall_with_known": _share([one for one in bad if one.seen or id(one) in excused], bad),
            "false_alarms_with_known": _share([one for one in self.alarms if id(one) not in excused], good),
            "recall_of_all": _share([one for one in bad if one.all], bad),
            "false_alarms_of_all": _share([one for one in good if one.all], good),
            "same_part": _share([one for one in placed if same_part(one)], placed),
            "same_parent": _share([one for one in placed if same_parent(one)], placed),
        }

    def causes(self, whose=None):
        """[(cause, cases)], the most frequent first; of one owner alone."""
        groups = collections.defaultdict(list)
        for one in self.missed + self.alarms:
            part = one.judge_errors[0]["part"] if one.judge_errors else one.seen[0]["part"] if one.seen else ""
            if self.cause(one) not in self.known and (whose is None or owner(part or one.part, one.kind) == whose):
                groups[self.cause(one)].append(one)
        return sorted(groups.items(), key=lambda both: (-len(both[1]), both[0]))

    def by(self, what):
        """Recall and false alarms by a field: [(value, bad, missed, good, alarms)], the worst first."""
        table = collections.defaultdict(lambda: [0, 0, 0, 0])
        for one in self.cases:
            row = table[getattr(one, what)]
            row[0 if one.judge_bad else 2] += 1
            row[1] += one.judge_bad and not one.seen
            row[3] += not one.judge_bad and bool(one.seen)
        return sorted(((value, *row) for value, row in table.items()), key=lambda row: (-(row[2] + row[4]), row[0]))


def _share(some, of_all):
    return round(100 * len(some) / len(of_all), 2) if of_all else None


def line_of(cause, cases):
    """One line of a disagreement, with an example that can be made again."""
    one = cases[0]
    what = " ".join(f"{key}={one.what[key]!r}" for key in ("kind", "element", "attribute", "was", "now", "to", "other") if one.what.get(key) not in (None, ""))
    said = one.judge_errors[0]["text"] if one.judge_bad and one.judge_errors else one.seen[0].get("message", "") if one.seen else ""
    said = said.replace("http://schemas.openxmlformats.org/", "…/")[:260]
    return f"{len(cases):5} {cause}\n        e.g. {one.name}: {what}\n        {said}"
