"""Mutations of attributes and of their values; see change_elements.py."""
import re

from xmlbits import replaced

NUMBERS = ["-1", "0", "1", "2", "65536", "16384", "1048577", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775808",
           "1.5", "+1", "007", "1e3", "0x10"]
WORDS = ["", " ", "none", "auto", "true", "on", "off", "True", "default", "bogus", "center", "single", "FF0000", "GGGGGG", "accent1", "12pt", "50%",
         "{00000000-0000-0000-0000-000000000000}", "A1", "$A$1:B2", "en-US", "rId1", "2020-01-01T00:00:00Z", "http://x/y", "x" * 300]


def _told(part, element, attribute, now):
    return {"part": part, "element": element.name, "parent": element.parent.name if element.parent else "", "path": element.path(),
            "attribute": attribute, "now": now[:60]}


def _with_value(book, part, element, one, now):
    text = replaced(book.texts[part], one.value_start, one.value_end, now)
    return book.with_text(part, text), {**_told(part, element, one.name, now), "was": one.value[:60]}


def drop_attribute(book, rng):
    part, element, one = book.attribute(rng)
    return one and (book.with_text(part, replaced(book.texts[part], one.start, one.end, "")), _told(part, element, one.name, ""))


def add_strange(book, rng):
    """One that nobody knows: of no space, of the element's, of a strange one."""
    part, element = book.element(rng)
    if not element:
        return None
    names = ['strange="1"', 's:strange="1" xmlns:s="urn:strange"', 'xml:lang="en"', 'xml:space="preserve"', 'xml:space="odd"']
    if element.prefix:
        names.append(f'{element.prefix}:strange="1"')
    now = rng.choice(names)
    return _added(book, part, element, now)


def _added(book, part, element, now):
    place = element.start + 1 + len(element.name)
    return book.with_text(part, replaced(book.texts[part], place, place, " " + now)), _told(part, element, now.partition("=")[0], now)


def add_known(book, rng):
    """One that stands elsewhere, with a value that it has there."""
    _, _, other = book.attribute(rng)
    part, element = book.element(rng)
    if not other or not element or any(one.name == other.name for one in element.attributes):
        return None
    return _added(book, part, element, f'{other.name}="{_quoted(other.value)}"')


def _quoted(value):
    return value.replace('"', "&quot;")


def add_brothers(book, rng):
    """One that other elements of the same name have."""
    part, element = book.element(rng)
    if not element:
        return None
    mine = {one.name for one in element.attributes}
    names = [name for owner, name in book.attribute_list if owner == element.name and name not in mine]
    if not names:
        return None
    name = rng.choice(names)
    return _added(book, part, element, f'{name}="{_quoted(rng.choice(list(book.values[name])))}"')


def twice(book, rng):
    part, element, one = book.attribute(rng)
    return one and _added(book, part, element, f'{one.name}="{_quoted(one.value)}"')


def rename_attribute(book, rng):
    part, element, one = book.attribute(rng)
    if not one:
        return None
    local = one.name.rpartition(":")[2]
    choices = [one.name + "X", local if local != one.name else f"w:{local}", one.name[0].swapcase() + one.name[1:],
               rng.choice(list(book.values))]
    if element.prefix:
        choices.append(f"{element.prefix}:{local}")
    now = rng.choice(choices)
    start = one.value_start - 1 - len(re.search(r"\s*=\s*$", book.texts[part][one.start:one.value_start - 1]).group())
    text = replaced(book.texts[part], start - len(one.name), start, now)
    return book.with_text(part, text), {**_told(part, element, one.name, now)}


def number(book, rng):
    """Another number where one is."""
    part, element, one = book.attribute(rng, lambda a: re.fullmatch(r"-?\d+(\.\d+)?", a.value))
    return one and _with_value(book, part, element, one, rng.choice(NUMBERS))


def near(book, rng):
    """A number that is a little or much off: broken references to what is counted."""
    part, element, one = book.attribute(rng, lambda a: re.fullmatch(r"-?\d{1,9}", a.value))
    return one and _with_value(book, part, element, one, str(int(one.value) + rng.choice([-1, 1, 7, 1000, 100000])))


def retype(book, rng):
    """A value of another type."""
    part, element, one = book.attribute(rng)
    return one and _with_value(book, part, element, one, rng.choice(WORDS + NUMBERS))


def borrow(book, rng):
    """A value that another attribute has."""
    part, element, one = book.attribute(rng)
    return one and _with_value(book, part, element, one, rng.choice(list(book.values[rng.choice(list(book.values))])))


def word(book, rng):
    """A word that is nearly right."""
    part, element, one = book.attribute(rng, lambda a: re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", a.value))
    if not one:
        return None
    ways = [one.value.upper(), one.value.lower(), one.value.capitalize(), one.value + "s", one.value[:-1], " " + one.value, one.value + " ",
            one.value + " " + one.value, rng.choice(list(book.values[one.name]))]
    return _with_value(book, part, element, one, rng.choice(ways))


def damage(book, rng):
    """One letter more, less or another one."""
    part, element, one = book.attribute(rng, lambda a: a.value)
    if not one:
        return None
    place = rng.randrange(len(one.value))
    now = rng.choice([one.value[:place] + one.value[place + 1:], one.value[:place] + rng.choice("0aZ-. #é") + one.value[place:],
                      one.value[:place] + rng.choice("0aZ-. #{") + one.value[place + 1:]])
    return _with_value(book, part, element, one, now)


def reference(book, rng):
    """An id or a name that leads nowhere, or elsewhere."""
    marks = r"(?i).*(id|ref|style|val|name|link|pic|embed|xf|numfmt|count|sqref|table|cell|index|idx|uid)\w*$"
    part, element, one = book.attribute(rng, lambda a: re.fullmatch(marks, a.name))
    if not one:
        return None
    ways = ["rId999", "999", "Nowhere", "ZZZ1", "A0", "XFE1", "A1048577", "B2:A1", "#REF!"]
    ways += [value for value in book.values[one.name] if value != one.value] * 3
    return _with_value(book, part, element, one, rng.choice(ways))


KINDS = {"drop-attribute": drop_attribute, "add-strange": add_strange, "add-known": add_known, "add-brothers": add_brothers, "twice": twice,
         "rename-attribute": rename_attribute, "number": number, "near": near, "retype": retype, "borrow": borrow, "word": word,
         "damage": damage, "reference": reference}
