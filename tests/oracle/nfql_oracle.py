"""Evaluates whole queries by brute force, as LANGUAGE.md says and with no code of the engine.

Queries are trees of plain tuples and dicts, never text:

expr    ("any",) ("and", [e...]) ("or", [e...]) ("not", e)
        ("cmp", op, operand, operand, delta)          delta is None or a number in the field's unit
        ("in", operand, negated, operand)  ("intersects", operand, operand)
        ("allen", left, relation, right, delta)       branch names; relation is a symbol
operand ("field", name) ("const", value, text) ("prefix", Prefix) ("flags", bits, mask, text)
        ("arith", op, o, o) ("call", name, [o...]) ("set", [o...]) ("range", o, o)
        ("file", name, [o...])                        a set that is a file, @name
term    ("key", field, length, alias)                 length is None, or that of a prefix
        ("rel", (which, field), op, field, delta)     which: first, last, min or max
        ("gap", (which, field), op, field, bound)     gap(which.field, field) op bound
        ("net", (which, field), op, field, length)    the networks of the two addresses

A group is {"modules": [[term...]...], "order": None or "input", "aggregates": [{"function",
"field", "argument", "alias", "module": None or its number}...]}. A branch is {"name", "filter",
"group", "gfilter"}; what is None does not run. A query is {"branches": [...], "merge": expr or None,
"except": [expr...], "emit", "ungroup": None or {"flat": bool}, "limit": None or a number}.
"""

from aggregates import Near, aggregated, default_name
from expressions import allen_holds, allen_relation, branches_of, truth
from fields import (DEFAULT_COLUMNS, FIELDS, Address, Column, Prefix, canonical, kind_of, printed,
                    time_text)
from grouping import (each_its_own, filtered, flow_columns, group_filtered, grouped, in_order,
                      key_name)
from merging import (component_groups, components, further_branches, merged, never_true, stream_of,
                     ungrouped)

__all__ = [name for name in dir() if not name.startswith("_")]
