"""Makes the traces of a failing case smaller, and says in shell commands what is left of it."""

import shlex

from traces import make_flow_tools


def shrunk(rows, still_fails):
    """A part of rows for which still_fails() holds, and for no part of which with one row less.

    Takes away halves, then quarters and so on, and single rows until none can go.
    """
    size = len(rows)
    while size > 0:
        at, before = 0, len(rows)
        while at < len(rows):
            fewer = rows[:at] + rows[at + size:]
            if still_fails(fewer):
                rows = fewer
            else:
                at += size
        if size > 1:
            size //= 2
        elif len(rows) == before:
            size = 0
    return rows


def shrunk_traces(traces, still_fails):
    """Traces with as few rows as still fail; a trace that is there twice stays so."""
    files = list({trace.path: trace for trace in traces}.values())
    tagged = [(trace.path, row) for trace in files for row in trace.rows]

    def with_rows(chosen):
        return [trace.with_rows([row for path, row in chosen if path == trace.path])
                for trace in traces]

    return with_rows(shrunk(tagged, lambda chosen: still_fails(with_rows(chosen))))


def text_of(value):
    return "" if value is None else str(value)


def flow_tools_line(row):
    cells = [text_of(row[name]) for name in make_flow_tools.COLUMNS]
    return ",".join(cells + [f"{name}={row[name]}" for name in make_flow_tools.OTHERS
                             if row[name] not in (None, 0)])


def making(trace):
    """The command that writes a trace."""
    name = trace.path.rsplit("/", 1)[-1]
    if trace.is_native():
        names = trace.options["names"]
        lines = [",".join(names)] + [",".join(text_of(row.get(n)) for n in names)
                                     for row in trace.rows]
        command = "make_nfql.py"
    else:
        lines = [flow_tools_line(row) for row in trace.rows]
        flags = trace.options.get("flags", make_flow_tools.DONE)
        command = f"make_flow_tools.py --version {trace.options.get('version', 5)}"
        command += " --big-endian" if trace.options.get("order") == ">" else ""
        command += " --compress" if flags & make_flow_tools.COMPRESS else ""
        command += " --streaming" if flags & make_flow_tools.STREAMING else ""
    return "\n".join([f"tests/data/{command} >{name} <<'END'", *lines, "END"])


def shell(case, traces):
    """All that the case did, for a shell in the top folder of the project."""
    parts = [making(trace) for trace in {trace.path: trace for trace in traces}.values()]
    parts += [f"cat >{name} <<'END'\n{text}END" for name, text in case.lists.items()]
    if any(command[0] == "nfql-run" for command in case.commands):
        query = (case.folder / "query").read_text(encoding="utf-8").strip()
        parts.append(f"cat >query <<'END'\n{query}\nEND")
    return "\n".join(parts + [shlex.join(command) for command in case.commands])
