"""Packages as lists of parts: read, and written so that the same parts are always the same bytes."""
import io
import re
import zipfile

WHEN = (1980, 1, 1, 0, 0, 0)
STAMP = b"2020-01-02T03:04:05Z"


def unpack(data):
    """The parts of a package, in its order: [(name, bytes)]."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir()]


def pack(parts, level=1):
    """A package of these parts. Names may repeat: mutants need that."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            _quietly(archive, info, data)
    return out.getvalue()


def _quietly(archive, info, data):
    archive.NameToInfo.pop(info.filename, None)  # no warning about what is twice
    archive.writestr(info, data)


def settled(data):
    """The same package with nothing in it of the time at which it was made."""
    parts = []
    for name, text in unpack(data):
        if name == "docProps/core.xml":
            text = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + STAMP, text)
            text = re.sub(rb"(<cp:lastPrinted>)[^<]*", rb"\g<1>" + STAMP, text)
        if name == "docProps/app.xml":
            text = re.sub(rb"<TotalTime>\d+", b"<TotalTime>1", text)
        parts.append((name, text))
    return pack(parts)
