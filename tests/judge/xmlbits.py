"""XML cut into pieces whose places in the text are known, so that one can be changed and every other byte stays."""
import re

TAG = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>|<(?P<close>/?)(?P<name>[^\s/>]+)(?P<rest>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>",
    re.S)
ATTRIBUTE = re.compile(r"(\s+)([^\s=/]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")


class Element:
    """start..inner is its first tag, inner..outer its content, outer..end its last tag (nothing where it is `<a/>`)."""
    __slots__ = ("name", "start", "inner", "outer", "end", "parent", "children", "attributes", "has_text")

    def __init__(self, name, start, inner, parent):
        self.name, self.start, self.inner, self.parent = name, start, inner, parent
        self.outer = self.end = inner
        self.children, self.attributes, self.has_text = [], [], False

    @property
    def local(self):
        return self.name.rpartition(":")[2]

    @property
    def prefix(self):
        return self.name.rpartition(":")[0]

    def path(self):
        names, one = [], self
        while one is not None:
            names.append(one.name)
            one = one.parent
        return "/" + "/".join(reversed(names))


class Attribute:
    """start..end is all of it with the blank before; value_start..value_end what stands between the quotes."""
    __slots__ = ("name", "value", "start", "end", "value_start", "value_end")

    def __init__(self, match, base):
        self.name, self.value = match.group(2), match.group(4)[1:-1]
        self.start, self.end = base + match.start(), base + match.end()
        self.value_start, self.value_end = base + match.start(4) + 1, base + match.end(4) - 1

    @property
    def declares(self):
        return self.name == "xmlns" or self.name.startswith("xmlns:")


def elements(text):
    """All elements in the order in which they begin; ValueError where the text is no XML that this can follow."""
    found, open_ones, last = [], [], 0
    for match in TAG.finditer(text):
        name = match.group("name")
        if open_ones and text[last:match.start()].strip():
            open_ones[-1].has_text = True
        last = match.end()
        if name is None:
            continue
        if match.group("close"):
            if not open_ones or open_ones[-1].name != name:
                raise ValueError(f"</{name}> closes nothing")
            one = open_ones.pop()
            one.outer, one.end = match.start(), match.end()
            continue
        one = Element(name, match.start(), match.end(), open_ones[-1] if open_ones else None)
        base = match.start("rest")
        one.attributes = [Attribute(each, base) for each in ATTRIBUTE.finditer(match.group("rest"))]
        found.append(one)
        if one.parent:
            one.parent.children.append(one)
        if not match.group("rest").endswith("/"):
            open_ones.append(one)
    if open_ones or not found:
        raise ValueError("elements stay open")
    return found


def replaced(text, start, end, by):
    return text[:start] + by + text[end:]


def opened(text, element, inside):
    """The text with `inside` as the first thing in an element, also where it is `<a/>`."""
    if element.end == element.inner:  # an empty one: it needs a last tag
        slash = text.rindex("/", element.start, element.inner)
        return text[:slash].rstrip() + ">" + inside + f"</{element.name}>" + text[element.end:]
    return text[:element.inner] + inside + text[element.inner:]
