"""A valid file, opened for mutation: its parts, their elements, and all of these sorted by what they are."""
import posixpath
import re

import packing
import xmlbits

# What every file has says nothing new each time: how often it is taken when it was picked.
COMMON = {"theme/": 0.1, "docProps/": 0.3, "word/styles": 0.5, "word/settings": 0.5, "xl/styles": 0.5}
MOST_TEXT = 300_000  # parts that are bigger are left as they are


def kind_of_part(name):
    return re.sub(r"\d+", "", name)


def fresh(part, rng):
    return all(mark not in part or rng.random() < chance for mark, chance in COMMON.items())


class Book:
    def __init__(self, name, data):
        self.name = name
        self.parts = packing.unpack(data)
        self.texts, self.trees = {}, {}
        for part, bytes_ in self.parts:
            self._look(part, bytes_)
        self.kinds = {}       # (kind of part, parent's name, name) -> [(part, element)]
        self.attributes = {}  # (element's name, attribute's name) -> [(part, element, attribute)]
        self.values = {}      # attribute's name -> values, as keys: in the order in which they are met
        self.names = {}       # prefix -> names, as keys
        for part, tree in self.trees.items():
            for element in tree:
                self._sort(part, element)
        self.kind_list, self.attribute_list = list(self.kinds), list(self.attributes)

    def _look(self, part, bytes_):
        if len(bytes_) > MOST_TEXT or not part.endswith((".xml", ".rels", ".vml")):
            return
        try:
            text = bytes_.decode("utf-8")
            self.trees[part] = xmlbits.elements(text)
            self.texts[part] = text
        except ValueError:
            pass

    def _sort(self, part, element):
        above = element.parent.name if element.parent else ""
        self.kinds.setdefault((kind_of_part(part), above, element.name), []).append((part, element))
        self.names.setdefault(element.prefix, {})[element.name] = True
        for one in element.attributes:
            if not one.declares:
                self.attributes.setdefault((element.name, one.name), []).append((part, element, one))
                self.values.setdefault(one.name, {})[one.value] = True

    def content(self):
        """Parts that are no relationships and no content types."""
        return [name for name, _ in self.parts if not name.endswith(".rels") and name != "[Content_Types].xml"]

    def element(self, rng, wanted=lambda element: True):
        """An element, evenly over kinds of elements; (None, None): there is none."""
        for _ in range(20):
            part, one = rng.choice(self.kinds[rng.choice(self.kind_list)])
            if wanted(one) and not part.endswith(".rels") and part != "[Content_Types].xml" and fresh(part, rng):
                return part, one
        return None, None

    def attribute(self, rng, wanted=lambda attribute: True):
        for _ in range(20 if self.attribute_list else 0):
            part, element, one = rng.choice(self.attributes[rng.choice(self.attribute_list)])
            if wanted(one) and not part.endswith(".rels") and part != "[Content_Types].xml" and fresh(part, rng):
                return part, element, one
        return None, None, None

    def with_text(self, part, text):
        """The package with another text in a part."""
        return self.with_bytes(part, text.encode("utf-8"))

    def with_bytes(self, part, bytes_):
        return [(name, bytes_ if name == part else data) for name, data in self.parts]

    def rels_of(self, part):
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", name + ".rels")
