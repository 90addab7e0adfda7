"""The rows of the table: each job, who else does it, and how fast ours is to be."""

from jobs import ABOUT, ROWS, BytesAFlow, Faster, Job, Memory, Peer, Seconds, Size, Within
from peers import NFDUMP_SUMS, PAIRS, RWMATCH, SILK_SUMS, engine_filter, engine_sessions
from peers import http_silk, http_sql, merge_side, nfilter

REPORT = (
    "-a 'sum(packets) as packets, sum(bytes) as bytes' --no-members -O csv"
    " --columns srcip,dstip,packets,bytes,count"
)
SUMS = "-a 'sum(packets) as packets, sum(bytes) as bytes'"


def flow_tools(expression: str, how: str = "") -> str:
    """At the level that we take by default, unless `how` says another."""
    return f"nfql-filter '{expression}' $flows.ft {how} -o $out.ft"


def native(name: str, share: str, target: float, expressions: tuple) -> Job:
    """A filter from file to file, each in its own fastest format."""
    ours, silk, nfdump, sql = expressions
    return Job(
        f"native-{name}",
        f"filter, {share} pass, own format",
        f"nfql-filter '{ours}' $flows.nfql -o $out.nfql",
        (Faster(target),),
        {
            "SiLK": Peer(f"rwfilter {silk} --pass=$out.rw $flows.rw"),
            "nfdump": Peer(f"nfdump -r $flows.nfdump -y -w $out.nfdump '{nfdump}'"),
            "DuckDB": Peer(
                f"""$duckdb "copy (select * from '$flows.parquet' where {sql})"""
                """ to '$out.parquet'" """
            ),
            "reading it": Peer("cat $flows.nfql > /dev/null", None),
        },
        limit="cat $flows.nfql > $out.copy" if name == "all" else "",
    )


def sessions(name: str, title: str, packets: int, more: dict) -> Job:
    return Job(
        f"http-{name}",
        f"HTTP sessions of host pairs, whole query, {title}",
        f"nfql-run $aux/http-{name}.json $flows.nfql -o $out.nfql",
        (Faster(3),),
        {
            "SiLK": Peer(http_silk(packets)),
            "DuckDB": Peer(f'$duckdb "{http_sql(packets)}"'),
            **more,
        },
    )


FILTERS = [
    Job(
        "zlib-few",
        "filter, 2 % pass, flow-tools with zlib in and out",
        flow_tools("dstport = ssh"),
        (Faster(2.5),),
        {
            "flow-nfilter": nfilter("few"),
            "flow-filter": Peer("flow-filter -P 22 -z 6 < $flows.ft > $out.ft"),
            "2013 engine": engine_filter("few"),
        },
    ),
    Job(
        "zlib-half",
        "filter, 50 % pass, flow-tools with zlib in and out",
        flow_tools("packets > 1"),
        (Faster(2), Size(0.05, "flow-nfilter")),
        {"flow-nfilter": nfilter("half")},
    ),
    Job(
        "zlib-all",
        "filter, all pass, flow-tools with zlib in and out",
        flow_tools("packets > 0"),
        (Faster(2), Size(0.05, "flow-nfilter")),
        {"flow-nfilter": nfilter("all"), "2013 engine": engine_filter("all")},
    ),
    Job(
        "zlib-fast",
        "the same at our fastest level (-z 1)",
        flow_tools("packets > 0", "-z 1"),
        (Faster(6),),
        {"flow-nfilter": nfilter("all"), "2013 engine": engine_filter("all")},
    ),
    native("few", "2 %", 5, ("dstport = ssh", "--dport=22", "dst port 22", "dstport = 22")),
    native("half", "50 %", 1.5, ("packets > 1", "--packets=2-", "packets > 1", "packets > 1")),
    native("all", "all", 1.5, ("packets > 0", "--packets=1-", "packets > 0", "packets > 0")),
]

GROUPS = [
    Job(
        "sums",
        "count and sums over a file",
        f"nfql-group '' {SUMS} --no-members -O csv --columns count,packets,bytes"
        " $flows.nfql -o $out.csv",
        (Faster(4),),
        {
            "SiLK": Peer(SILK_SUMS),
            "nfdump": Peer(NFDUMP_SUMS),
            "DuckDB": Peer(
                """$duckdb "select count(*), sum(packets), sum(bytes) from '$flows.parquet'" """
                " > $out.csv"
            ),
            "reading it": Peer("cat $flows.nfql > /dev/null", None),
        },
    ),
    Job(
        "pairs-report",
        "group srcip, dstip: sum, sum, count as CSV",
        f"nfql-group 'srcip, dstip' {REPORT} $flows.nfql -o $out.csv",
        (Faster(4, {"DuckDB": 2}),),
        PAIRS,
    ),
    Job(
        "pairs-members",
        "group srcip, dstip, members kept",
        f"nfql-group 'srcip, dstip' {SUMS} $flows.nfql -o $out.groups",
        (Faster(3), BytesAFlow(80)),
        {
            "SiLK": Peer(
                "rwsort --fields=sip,dip,stime $flows.rw"
                " | rwgroup --id-fields=sip,dip --output-path=stdout > $out.rwgroups"
            ),
        },
    ),
    Job(
        "five-tuple",
        "five-tuple groups, own format",
        f"nfql-group 'srcip, srcport, dstip, dstport, proto' {SUMS} --no-members $flows.nfql"
        " -o $out.groups",
        (Faster(4), Memory(0.5, "nfdump")),
        {"nfdump": Peer("nfdump -r $flows.nfdump -a -y -w $out.nfgroups")},
    ),
]

QUERIES = [
    sessions("large", "packets > 200", 200, {"2013 engine": engine_sessions("large")}),
    sessions(
        "all",
        "all of them",
        0,
        {"SiLK rwmatch": Peer(RWMATCH, ABOUT), "2013 engine": engine_sessions("all")},
    ),
    Job(
        "merge-equal",
        "merge 1 M by 1 M groups, two equality terms",
        "nfql-merge 'A.srcip = B.dstip and A.dstip = B.srcip' A=$aux/a.groups B=$aux/b.groups"
        " -o $out.tuples",
        (Within(3, "grouping both"),),
        {
            "grouping both": Peer(
                f"nfql-group 'srcip, dstip' {SUMS} $aux/a.nfql -o $out.1;"
                f" nfql-group 'srcip, dstip' {SUMS} $aux/b.nfql -o $out.2",
                None,
            ),
            "DuckDB with grouping": Peer(
                f"""$duckdb "copy (select a.packets, a.bytes from {merge_side('dstport')} a"""
                f""" join {merge_side('srcport')} b on a.srcip = b.dstip and a.dstip = b.srcip)"""
                """ to '$out.parquet'" """,
                ROWS,
            ),
        },
        setup="nfql-filter 'dstport = 443 or dstport = 80' $flows.nfql -o $aux/a.nfql;"
        " nfql-filter 'srcport = 443 or srcport = 80' $flows.nfql -o $aux/b.nfql;"
        f" for side in a b; do nfql-group 'srcip, dstip' {SUMS} $aux/$side.nfql"
        " -o $aux/$side.groups; done",
    ),
    Job(
        "merge-allen",
        "merge 100 k by 100 k groups, one during the other, 100 k results",
        "nfql-merge 'A during B' A=$aux/inner.groups B=$aux/outer.groups -o $out.tuples",
        (Seconds(2),),
        {
            "DuckDB": Peer(
                """$duckdb "copy (select i.packets, i.bytes from '$aux/inner.csv' i"""
                """ join '$aux/outer.csv' o on i.start > o.start and i.\\"end\\" < o.\\"end\\")"""
                """ to '$out.parquet'" """,
                ROWS,
            ),
        },
        setup="for side in inner outer; do nfql-group bytes $aux/$side.nfql"
        " -o $aux/$side.groups; done",
        grows=False,
    ),
    Job(
        "small",
        "HTTP sessions of a trace of 556 flows, start to exit",
        "nfql-run $aux/http-large.json $small -o $out.nfql",
        (Seconds(0.025),),
        {
            "2013 engine": Peer("nfql-2013 $aux/http-large.json $small > $out.txt"),
            "starting true": Peer("true", None),
        },
        grows=False,
    ),
    Job(
        "pipe",
        "two filters over a pipe, all pass",
        "nfql-filter 'packets > 0' $flows.nfql | nfql-filter 'bytes > 0' -o $out.nfql",
        (Within(1.3, "one process"),),
        {
            "one process": Peer("nfql-filter 'packets > 0 and bytes > 0' $flows.nfql -o $out.nfql"),
            "cat | cat": Peer("cat $aux/raw.nfql | cat > $out.copy", None),
            "cat": Peer("cat $aux/raw.nfql > $out.copy", None),
        },
        setup="nfql-filter any $flows.nfql -z none -o $aux/raw.nfql",
        limit="nfql-filter 'packets > 0 and bytes > 0' $flows.nfql -o $out.1;"
        " cat $aux/raw.nfql | cat > $out.copy",
    ),
]

TARGETS = FILTERS + GROUPS + QUERIES
