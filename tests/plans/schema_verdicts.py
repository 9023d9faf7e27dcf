#!/usr/bin/env python3
"""Judges plans by the printed JSON Schema alone: `schema_verdicts.py SCHEMA PLAN...` prints `PLAN good` or `PLAN bad`.

Plans are read as YAML 1.2 readers do (yaml-language-server is one): `yes` and `22:00` are texts.
"""
import json
import os
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """The core schema of YAML 1.2."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
     list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:" + pattern + ")$"), first)
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value.replace("0o", "0"), 0)
                           if node.value.startswith("0x") else int(node.value))


def verdict(validator, path):
    try:
        with open(path, encoding="utf-8") as file:
            plan = yaml.load(file, CoreLoader)
    except (yaml.YAMLError, UnicodeError):
        return "bad"
    return "good" if validator.is_valid(plan) else "bad"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for path in sys.argv[2:]:
        print(os.path.basename(path), verdict(validator, path))


main()
