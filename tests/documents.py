# SPDX-License-Identifier: MIT
"""Holds what the program writes as JSON to the schema that it names, with the
distribution's validator, and to what no schema can say: no member twice, no
fractions, sorted keys, LF."""
import functools
import glob
import json
import os
import re

import jsonschema

SCHEMAS = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(
    __file__)), "..", "core", "export", "schema"))
NAMED = re.compile(r"sitewalk/([a-z-]+)/([0-9]+)")
SHOWN_MAX = 10


class Wrong(Exception):
    pass


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Wrong("a member stands there twice: %s" % sorted(
            name for name in names if names.count(name) > 1)[0])
    return dict(pairs)


def no_fraction(text):
    raise Wrong("the number %s is not a whole number" % text)


def read(data):
    return json.loads(data.decode("utf-8"), object_pairs_hook=no_duplicates,
                      parse_float=no_fraction, parse_constant=no_fraction)


def bytes_are_stable(data, value):
    wanted = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    if data.decode("utf-8").rstrip("\n") != wanted:
        raise Wrong("keys are not sorted, or the layout is not two spaces")
    if not data.endswith(b"\n") or b"\r" in data:
        raise Wrong("lines do not end in LF")


@functools.lru_cache
def schemas():
    found = []
    for path in sorted(glob.glob(os.path.join(SCHEMAS, "*.json"))):
        with open(path, encoding="utf-8") as file:
            found.append(json.load(file))
        jsonschema.Draft202012Validator.check_schema(found[-1])
    return {schema["$id"]: schema for schema in found}


@functools.lru_cache
def validator(name):
    return jsonschema.Draft202012Validator(schemas()[name])


def complaints(data, wanted=None):
    """In sentences; wanted is the $id of a schema, or that which the document
    names."""
    found = []
    try:
        value = read(data)
        named = NAMED.fullmatch(str(value.get("schema"))) \
            if isinstance(value, dict) else None
        if wanted is None and named is None:
            raise Wrong("no schema of this program is named")
        wanted = wanted or "urn:sitewalk:schema:%s:%s" % named.groups()
        if wanted not in schemas():
            raise Wrong("there is no schema file for %s" % wanted)
        found = sorted(
            "%s: %s" % ("/".join(map(str, e.absolute_path)) or "(top)",
                        e.message) for e in
            validator(wanted).iter_errors(value))
        bytes_are_stable(data, value)
    except (ValueError, Wrong) as e:
        found.append(str(e))
    if len(found) > SHOWN_MAX:
        found[SHOWN_MAX:] = ["and %d more" % (len(found) - SHOWN_MAX)]
    return [text[:400] for text in found]


# Of all that were looked at in this process.
seen, broken = set(), []


def look(data, what=""):
    """Notes what is wrong with a document that the program wrote."""
    digest = hash(data)
    if digest not in seen:
        seen.add(digest)
        broken.extend("%s: %s" % (what, text) for text in complaints(data))


def load(data, what=""):
    """A document that the program wrote: looked at, and read."""
    data = data if isinstance(data, bytes) else data.encode()
    look(data, what)
    return json.loads(data)


def sound(data):
    """The same for whoever counts by himself: ends with what is wrong."""
    look(data)
    if broken:
        raise Wrong("\n".join(broken))
    return json.loads(data)


def load_file(path):
    with open(path, "rb") as file:
        return load(file.read(), path)
