"""Mutations of a package's parts, relationships, content types, namespaces and of markup compatibility; see change_elements.py."""
import re

from xmlbits import opened, replaced

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _what(part, **more):
    return {"part": part, "element": "", "parent": "", "path": "", **more}


def drop_part(book, rng):
    name = rng.choice([name for name, _ in book.parts])
    return [both for both in book.parts if both[0] != name], _what(name)


def rename_part(book, rng):
    name = rng.choice(book.content())
    now = rng.choice([name.upper(), "x/" + name, name + "x", name.replace("/", "\\"), "/" + name, name.replace(".", "%2E", 1)])
    return [(now if one == name else one, data) for one, data in book.parts], _what(name, now=now)


def twice_part(book, rng):
    name, data = rng.choice(book.parts)
    return book.parts + [(rng.choice([name, name.upper()]), data)], _what(name)


def stray_part(book, rng):
    name = rng.choice(["stray.xml", "word/stray.bin", "xl/stray.xml", "thumbs.db", "__MACOSX/._x", "docProps/stray.txt"])
    return book.parts + [(name, b"<stray/>")], _what(name)


def swap_parts(book, rng):
    names = book.content()
    if len(names) < 2:
        return None
    one, other = rng.sample(names, 2)
    data = dict(book.parts)
    both = {one: data[other], other: data[one]}
    return [(name, both.get(name, bytes_)) for name, bytes_ in book.parts], _what(one, other=other)


def cut_part(book, rng):
    name = rng.choice([name for name, data in book.parts if len(data) > 4])
    data = dict(book.parts)[name]
    return book.with_bytes(name, data[:rng.randrange(len(data))]), _what(name)


def empty_part(book, rng):
    name = rng.choice([name for name, _ in book.parts])
    return book.with_bytes(name, b""), _what(name)


def recode(book, rng):
    """Another encoding than it says, or another that it says; some are fine."""
    name = rng.choice(list(book.texts))
    text = book.texts[name]
    bare = re.sub(r"^\ufeff?<\?xml.*?\?>\s*", "", text)
    how = rng.choice(["utf-16", "utf-16 unsaid", "latin1 unsaid", "bom", "said latin1", "said nonsense", "bad byte", "no declaration", "xml 1.1"])
    ways = {
        "utf-16": lambda: ('<?xml version="1.0" encoding="UTF-16"?>' + bare).encode("utf-16"),
        "utf-16 unsaid": lambda: text.encode("utf-16-le"),
        "latin1 unsaid": lambda: text.replace("><", ">é<", 1).encode("latin1", "replace"),
        "bom": lambda: b"\xef\xbb\xbf" + text.encode(),
        "said latin1": lambda: ('<?xml version="1.0" encoding="iso-8859-1"?>' + bare).encode("latin1", "replace"),
        "said nonsense": lambda: ('<?xml version="1.0" encoding="klingon"?>' + bare).encode(),
        "bad byte": lambda: text.encode()[:-20] + b"\xff" + text.encode()[-20:],
        "no declaration": bare.encode,
        "xml 1.1": lambda: ('<?xml version="1.1" encoding="UTF-8"?>' + bare).encode(),
    }
    return book.with_bytes(name, ways[how]()), _what(name, now=how)


def _special(book, rng, wanted):
    """An element of the relationships or of the content types."""
    found = [(part, one) for part, tree in book.trees.items() for one in tree if wanted(part, one)]
    return rng.choice(found) if found else (None, None)


def _attribute(book, rng, part, one, name, ways):
    at = next((a for a in one.attributes if a.name == name), None)
    if at is None:
        return None
    now = rng.choice(ways(at.value))
    text = replaced(book.texts[part], at.value_start, at.value_end, now)
    return book.with_text(part, text), {"part": part, "element": one.name, "parent": one.parent.name, "path": one.path(), "attribute": name,
                                        "was": at.value[:80], "now": now[:80]}


def relationship(book, rng):
    part, one = _special(book, rng, lambda part, e: part.endswith(".rels") and e.parent)
    if not one:
        return None
    text = book.texts[part]
    told = {"part": part, "element": one.name, "parent": "Relationships", "path": one.path()}
    how = rng.choice(["drop", "repeat", "Id", "Type", "Type", "Target", "Target", "mode", "drop-attribute"])
    if how == "drop":
        return book.with_text(part, replaced(text, one.start, one.end, "")), {**told, "now": how}
    if how == "repeat":
        return book.with_text(part, replaced(text, one.end, one.end, text[one.start:one.end])), {**told, "now": how}
    if how == "mode":
        place = one.start + 1 + len(one.name)
        return book.with_text(part, replaced(text, place, place, ' TargetMode="%s"' % rng.choice(["External", "Internal", "Odd"]))), {**told, "now": how}
    if how == "drop-attribute":
        gone = rng.choice(one.attributes)
        return book.with_text(part, replaced(text, gone.start, gone.end, "")), {**told, "attribute": gone.name, "now": how}
    types = [a.value for name, tree in book.trees.items() if name.endswith(".rels") for e in tree for a in e.attributes if a.name == "Type"]
    ways = {"Id": lambda was: ["rId999", "", "1x", "a b", was + "x", was.lower()],
            "Type": lambda was: types + [was + "X", "", "urn:strange",
                                           was.replace("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument")],
            "Target": lambda was: ["nowhere.xml", "", "../../../etc/passwd", "/" + was, was.upper(), was + "#x", "http://x/y", "a b.xml", "%zz", "?"]}
    return _attribute(book, rng, part, one, how, ways[how])


def content_type(book, rng):
    part, one = _special(book, rng, lambda part, e: part == "[Content_Types].xml" and e.parent)
    if not one:
        return None
    text = book.texts[part]
    told = {"part": part, "element": one.name, "parent": "Types", "path": one.path()}
    how = rng.choice(["drop", "repeat", "ContentType", "ContentType", "name"])
    if how == "drop":
        return book.with_text(part, replaced(text, one.start, one.end, "")), {**told, "now": how}
    if how == "repeat":
        return book.with_text(part, replaced(text, one.end, one.end, text[one.start:one.end])), {**told, "now": how}
    if how == "name":
        key = "PartName" if one.name == "Override" else "Extension"
        return _attribute(book, rng, part, one, key, lambda was: [was + "x", was.upper(), "", was.lstrip("/"), "/nowhere.xml"])
    types = [a.value for e in book.trees[part] for a in e.attributes if a.name == "ContentType"]
    return _attribute(book, rng, part, one, how, lambda was: types + ["", "application/xml", "text/plain", "nonsense", was.upper(), was + "; charset=utf-8"])


def namespace(book, rng):
    """A declaration of a namespace: gone, another one, a strict or a strange one."""
    found = [(part, e, a) for part, tree in book.trees.items() for e in tree for a in e.attributes if a.declares]
    kinds = sorted({a.value for _, _, a in found})
    if not kinds:
        return None
    wanted = rng.choice(kinds)
    part, one, at = rng.choice([each for each in found if each[2].value == wanted])
    text = book.texts[part]
    told = {"part": part, "element": one.name, "parent": one.parent.name if one.parent else "", "path": one.path(), "attribute": at.name}
    now = rng.choice(["", "urn:strange", at.value + "x", at.value.upper(), at.value.replace("2006", "2012"), rng.choice(kinds), None])
    if now is None:
        return book.with_text(part, replaced(text, at.start, at.end, "")), {**told, "now": "gone"}
    return book.with_text(part, replaced(text, at.value_start, at.value_end, now)), {**told, "now": now}


def compatibility(book, rng):
    """Markup compatibility, right and wrong: what is to be ignored, what must be understood, alternatives."""
    part, one = book.element(rng, lambda e: True)
    if not one:
        return None
    text = book.texts[part]
    root = book.trees[part][0]
    declared = f' xmlns:mc="{MC}" xmlns:zz="urn:zz"'
    if "xmlns:mc=" in text[root.start:root.inner]:
        declared = ' xmlns:zz="urn:zz"'
    if "mc:Ignorable" in text[root.start:root.inner]:
        return None
    piece = text[one.start:one.end]
    how, by, extra = rng.choice([
        ("ignored element", "<zz:a><zz:b/></zz:a>" + piece, ' mc:Ignorable="zz"'),
        ("element not ignored", "<zz:a/>" + piece, ""),
        ("ignored attribute", re.sub(r"^<[^\s/>]+", lambda m: m.group() + ' zz:a="1"', piece), ' mc:Ignorable="zz"'),
        ("processed content", f"<zz:a>{piece}</zz:a>", ' mc:Ignorable="zz" mc:ProcessContent="zz:a"'),
        ("content not processed", f"<zz:a>{piece}</zz:a>", ' mc:Ignorable="zz"'),
        ("undeclared ignorable", piece, ' mc:Ignorable="yy"'),
        ("must understand", piece, ' mc:MustUnderstand="zz"'),
        ("fallback", f'<mc:AlternateContent><mc:Choice Requires="zz"><zz:a/></mc:Choice><mc:Fallback>{piece}</mc:Fallback></mc:AlternateContent>', ""),
        ("no fallback", f'<mc:AlternateContent><mc:Choice Requires="zz">{piece}</mc:Choice></mc:AlternateContent>', ""),
        ("no choice", f"<mc:AlternateContent><mc:Fallback>{piece}</mc:Fallback></mc:AlternateContent>", ""),
        ("no requires", f"<mc:AlternateContent><mc:Choice>{piece}</mc:Choice></mc:AlternateContent>", ""),
        ("requires undeclared", f'<mc:AlternateContent><mc:Choice Requires="yy">{piece}</mc:Choice></mc:AlternateContent>', ""),
    ])
    told = {"part": part, "element": one.name, "parent": one.parent.name if one.parent else "", "path": one.path(), "now": how}
    if one is root:
        return None
    place = root.start + 1 + len(root.name)
    return book.with_text(part, text[:place] + declared + extra + text[place:one.start] + by + text[one.end:]), told


def harmless(book, rng):
    """What changes nothing: comments, blanks, instructions, the order of attributes, CDATA."""
    part, one = book.element(rng, lambda e: True)
    if not one:
        return None
    text = book.texts[part]
    told = {"part": part, "element": one.name, "parent": one.parent.name if one.parent else "", "path": one.path()}
    how = rng.choice(["comment", "instruction", "blank", "attributes", "single quotes", "long form"])
    if how == "blank" and one.has_text:
        how = "comment"
    if how in ("comment", "instruction", "blank"):
        now = opened(text, one, {"comment": "<!-- x -->", "instruction": "<?x y?>", "blank": "\n  "}[how])
    elif how == "long form" and one.end == one.inner:
        now = opened(text, one, "")
    elif how == "attributes" and len(one.attributes) > 1:
        pieces = [text[a.start:a.end] for a in one.attributes]
        now = replaced(text, one.attributes[0].start, one.attributes[-1].end, "".join(reversed(pieces)))
    elif how == "single quotes" and one.attributes and "'" not in text[one.start:one.inner]:
        a = one.attributes[0]
        now = text[:a.value_start - 1] + "'" + text[a.value_start:a.value_end] + "'" + text[a.value_end + 1:]
    else:
        return None
    return book.with_text(part, now), {**told, "now": how}


KINDS = {"drop-part": drop_part, "rename-part": rename_part, "twice-part": twice_part, "stray-part": stray_part, "swap-parts": swap_parts,
         "cut-part": cut_part, "empty-part": empty_part, "recode": recode, "relationship": relationship, "content-type": content_type,
         "namespace": namespace, "compatibility": compatibility, "harmless": harmless}
