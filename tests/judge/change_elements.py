"""Mutations of elements: each takes a book and a random source, and gives the parts with one thing changed, and what that was; None: not here."""
from xmlbits import opened, replaced


def _told(part, element, **more):
    return {"part": part, "element": element.name, "parent": element.parent.name if element.parent else "", "path": element.path(), **more}


def _pick(book, rng, wanted=lambda element: element.parent is not None):
    part, element = book.element(rng, wanted)
    return part, element, book.texts.get(part)


def drop(book, rng):
    part, one, text = _pick(book, rng)
    return one and (book.with_text(part, replaced(text, one.start, one.end, "")), _told(part, one))


def repeat(book, rng):
    part, one, text = _pick(book, rng)
    return one and (book.with_text(part, replaced(text, one.end, one.end, text[one.start:one.end])), _told(part, one))


def reorder(book, rng):
    """Changes places with a brother of another name, if there is one."""
    part, one, text = _pick(book, rng, lambda e: e.parent is not None and any(b.name != e.name for b in e.parent.children))
    if not one:
        return None
    other = rng.choice([b for b in one.parent.children if b.name != one.name])
    first, second = sorted((one, other), key=lambda e: e.start)
    text = (text[:first.start] + text[second.start:second.end] + text[first.end:second.start] + text[first.start:first.end]
            + text[second.end:])
    return book.with_text(part, text), _told(part, one, other=other.name)


def to_end(book, rng):
    """Becomes the last or the first of its brothers."""
    part, one, text = _pick(book, rng, lambda e: e.parent is not None and len(e.parent.children) > 1)
    if not one:
        return None
    last = rng.random() < 0.5
    place = one.parent.children[-1].end if last else one.parent.children[0].start
    piece = text[one.start:one.end]
    if place >= one.end:
        text = text[:one.start] + text[one.end:place] + piece + text[place:]
    else:
        text = text[:place] + piece + text[place:one.start] + text[one.end:]
    return book.with_text(part, text), _told(part, one, to="end" if last else "begin")


def _renamed(text, one, name):
    text = text[:one.start + 1] + name + text[one.start + 1 + len(one.name):]
    if one.end == one.inner:
        return text
    grown = len(name) - len(one.name)
    return text[:one.outer + grown + 2] + name + text[one.outer + grown + 2 + len(one.name):]


def rename(book, rng):
    """To a name that is there elsewhere in the same space, or to one that nobody knows."""
    part, one, text = _pick(book, rng)
    if not one:
        return None
    others = [name for name in book.names[one.prefix] if name != one.name]
    name = rng.choice(others) if others and rng.random() < 0.6 else one.name + "X"
    if rng.random() < 0.15:
        swapped = one.local[0].swapcase() + one.local[1:]
        name = f"{one.prefix}:{swapped}" if one.prefix else swapped
    return book.with_text(part, _renamed(text, one, name)), _told(part, one, now=name)


def move(book, rng):
    """Into another element of the same part, as its first or last child."""
    part, one, text = _pick(book, rng)
    if not one:
        return None
    goals = [e for e in book.trees[part] if not one.start <= e.start < one.end and e.end > e.inner and e is not one.parent]
    if not goals:
        return None
    names = sorted({e.name for e in goals})
    wanted = rng.choice(names)
    goal = rng.choice([e for e in goals if e.name == wanted])
    return _put(book, part, one, goal, goal.inner if rng.random() < 0.5 else goal.outer)


def _put(book, part, one, goal, place):
    text = book.texts[part]
    piece = text[one.start:one.end]
    if place >= one.end:
        text = text[:one.start] + text[one.end:place] + piece + text[place:]
    else:
        text = text[:place] + piece + text[place:one.start] + text[one.end:]
    return book.with_text(part, text), _told(part, one, to=goal.name)


def transplant(book, rng):
    """A copy of an element, into another parent of the same part whose prefixes it knows."""
    part, one, text = _pick(book, rng)
    if not one:
        return None
    names = sorted({e.name for e in book.trees[part]})
    wanted = rng.choice(names)
    goal = rng.choice([e for e in book.trees[part] if e.name == wanted])
    piece = text[one.start:one.end]
    if goal.end == goal.inner or not goal.children or rng.random() < 0.3:
        return book.with_text(part, opened(text, goal, piece)), _told(part, one, to=goal.name)
    place = rng.choice(goal.children).end
    return book.with_text(part, replaced(text, place, place, piece)), _told(part, one, to=goal.name)


def empty(book, rng):
    part, one, text = _pick(book, rng, lambda e: e.outer > e.inner)
    return one and (book.with_text(part, replaced(text, one.inner, one.outer, "")), _told(part, one))


def unwrap(book, rng):
    """Its children take its place."""
    part, one, text = _pick(book, rng, lambda e: e.parent is not None and e.children)
    return one and (book.with_text(part, replaced(text, one.start, one.end, text[one.inner:one.outer])), _told(part, one))


def wrap(book, rng):
    """Stands in another one of its own kind."""
    part, one, text = _pick(book, rng)
    if not one:
        return None
    inside = f"<{one.name}>{text[one.start:one.end]}</{one.name}>"
    return book.with_text(part, replaced(text, one.start, one.end, inside)), _told(part, one)


def add_text(book, rng):
    part, one, text = _pick(book, rng, lambda e: not e.has_text)
    return one and (book.with_text(part, opened(text, one, rng.choice(["stray", "7", "&amp;", "漢"]))), _told(part, one))


def change_text(book, rng):
    part, one, text = _pick(book, rng, lambda e: e.outer > e.inner and not e.children)
    if not one:
        return None
    now = rng.choice(["", "x", "-1", "0", "1.5", "99999999999", "1e400", "true", " 3 ", "2020-13-45", "#REF!", "A1:B", "漢字", "a" * 40000])
    return book.with_text(part, replaced(text, one.inner, one.outer, now)), _told(part, one, now=now[:20])


def add_unknown(book, rng):
    """A child that nobody knows, of no space, of a strange one, or of the parent's."""
    part, one, text = _pick(book, rng, lambda e: True)
    if not one:
        return None
    child = rng.choice(['<strange xmlns=""/>', '<s:strange xmlns:s="urn:strange"/>', f"<{one.name}Strange/>"])
    if one.children and rng.random() < 0.7:
        place = rng.choice(one.children).end
        return book.with_text(part, replaced(text, place, place, child)), _told(part, one, now=child)
    return book.with_text(part, opened(text, one, child)), _told(part, one, now=child)


def known_child(book, rng):
    """An empty child of a name of the same space, which may stand there or not."""
    part, one, text = _pick(book, rng, lambda e: True)
    if not one:
        return None
    name = rng.choice(list(book.names[one.prefix]))
    if one.children and rng.random() < 0.7:
        place = rng.choice(one.children).end
        return book.with_text(part, replaced(text, place, place, f"<{name}/>")), _told(part, one, now=name)
    return book.with_text(part, opened(text, one, f"<{name}/>")), _told(part, one, now=name)


KINDS = {"drop": drop, "repeat": repeat, "reorder": reorder, "to-end": to_end, "rename": rename, "move": move, "transplant": transplant,
         "empty": empty, "unwrap": unwrap, "wrap": wrap, "add-text": add_text, "change-text": change_text, "add-unknown": add_unknown,
         "known-child": known_child}
