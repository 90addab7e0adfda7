"""Compares the CSV that programs print with the rows that the oracle expects."""

import csv
import datetime
import io

import nfql_oracle as oracle

TOLERANCE = 1e-12
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Mismatch(Exception):
    """A program and the oracle do not agree. `what` names the stage, the rest is both answers."""

    def __init__(self, what, message, expected="", found=""):
        super().__init__(f"{what}: {message}")
        self.what = what
        self.expected = expected
        self.found = found


def same_cell(column, value, cell):
    if column.form != "real" or value is None:
        return cell == oracle.printed(value, column.kind)
    if cell == "":
        return False
    if column.kind == "time":
        moment = datetime.datetime.fromisoformat(cell.replace("Z", "+00:00"))
        found = (moment - EPOCH) / datetime.timedelta(milliseconds=1)
    else:
        found = float(cell)
    if found == value:
        return True
    slack = getattr(value, "slack", 0.0)
    return abs(found - value) <= max(slack, TOLERANCE * max(abs(found), abs(value)))


def cells(columns, row):
    """A row as text; of real numbers other digits would do as well."""
    return [str(value) if column.form == "real" and value is not None
            else oracle.printed(value, column.kind) for column, value in zip(columns, row)]


def as_csv(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def compare(what, columns, rows, text):
    """Every row, in order."""
    lines = list(csv.reader(io.StringIO(text)))
    header = [column.name for column in columns]
    expected = as_csv(header, [cells(columns, row) for row in rows])

    def wrong(message):
        return Mismatch(what, message, expected, text)

    if not lines or lines[0] != header:
        raise wrong("other columns")
    for number, (row, line) in enumerate(zip(rows, lines[1:]), 1):
        if len(line) != len(columns) or not all(map(same_cell, columns, row, line)):
            raise wrong(f"row {number} differs")
    if len(lines) - 1 != len(rows):
        raise wrong(f"{len(lines) - 1} rows, expected {len(rows)}")


def collection_columns(branches):
    """The columns of all branches, each name once."""
    columns = {}
    for branch in branches:
        for column in branch:
            columns.setdefault(column.name, column)
    return list(columns.values())


def compare_collection(what, branches, tuples, text):
    """The groups of each component in any order; branches is {name: columns}."""
    names, columns = list(branches), collection_columns(branches.values())
    header = ["component", "branch", *(column.name for column in columns)]
    rows = []
    for (branch, group), number in oracle.components(tuples).items():
        values = dict(zip((column.name for column in branches[names[branch]]), group.values))
        rows.append((number, names[branch], [values.get(column.name) for column in columns]))
    rows.sort(key=lambda row: row[0])
    expected = as_csv(header, [[number, name, *cells(columns, values)]
                               for number, name, values in rows])
    lines = list(csv.reader(io.StringIO(text)))

    def wrong(message):
        return Mismatch(what, message, expected, text)

    if not lines or lines[0] != header:
        raise wrong("other columns")
    numbers = [line[0] for line in lines[1:]]
    if numbers != [str(row[0]) for row in rows]:
        raise wrong("other components")
    left = list(rows)
    for line in lines[1:]:
        match = next((row for row in left if line[:2] == [str(row[0]), row[1]]
                      and all(map(same_cell, columns, row[2], line[2:]))), None)
        if match is None:
            raise wrong(f"a group that is not expected: {line}")
        left.remove(match)
