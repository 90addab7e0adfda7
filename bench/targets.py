"""The rows of the table: each job, who else does it, and how fast ours is to be."""

from jobs import ABOUT, ROWS, BytesAFlow, Faster, Job, Memory, Peer, Seconds, Size, Within

REPORT = (
    "-a 'sum(packets) as packets, sum(bytes) as bytes' --no-members -O csv"
    " --columns srcip,dstip,packets,bytes,count"
)
SUMS = "-a 'sum(packets) as packets, sum(bytes) as bytes'"
RWTEXT = "--no-titles --no-columns --no-final-delimiter"
PAIRS_IN_SQL = "select srcip, dstip, sum(packets), sum(bytes), count(*)"


def flow_tools(name: str, expression: str, zlib: int) -> str:
    return f"nfql-filter '{expression}' $flows.ft -z {zlib} -o $out.ft"


def nfilter(name: str) -> Peer:
    return Peer(f"flow-nfilter -f $aux/nfilter -F {name} -z 6 < $flows.ft > $out.ft")


def engine_filter(query: str) -> Peer:
    return Peer(
        f"mkdir $out && nfql-2013 -v 1 -z 6 -d $out $aux/{query}.json $flows.ft &&"
        " mv $out/filter-branch-0-filtered-records.ftz $out.ftz && rmdir $out"
    )


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
        },
        limit="cat $flows.nfql > $out.copy" if name == "all" else "cat $flows.nfql > /dev/null",
    )


def http_sql(packets: int) -> str:
    side = "(select srcip, dstip from http where {} group by all having sum(packets) > {}) {}"
    request = side.format("dstport = 80", packets, "a")
    response = side.format("srcport = 80", packets, "b")
    return (
        "create temp table http as select * from '$flows.parquet'"
        " where proto = 6 and (srcport = 80 or dstport = 80);"
        f" create temp table pairs as select a.srcip, a.dstip from {request} join {response}"
        " on a.srcip = b.dstip and a.dstip = b.srcip;"
        " copy (select h.* from http h join pairs p on h.srcip = p.srcip and h.dstip = p.dstip"
        " where h.dstport = 80 union all"
        " select h.* from http h join pairs p on h.srcip = p.dstip and h.dstip = p.srcip"
        " where h.srcport = 80) to '$out.parquet'"
    )


def http_silk(packets: int) -> str:
    """Both sides as text, joined by comm, and the flows of the pairs that are left."""
    side = (
        "rwfilter --{}=80 --pass=stdout $out.http.tmp | rwuniq --fields={} --values=packets"
        f" --packets={packets + 1}- {RWTEXT} | cut -d '|' -f 1,2"
        " | LC_ALL=C sort > $out.{}.tmp"
    )
    return (
        "rwfilter --proto=6 --aport=80 --pass=$out.http.tmp $flows.rw"
        f" && {side.format('dport', 'sip,dip', 'a')} && {side.format('sport', 'dip,sip', 'b')}"
        " && LC_ALL=C comm -12 $out.a.tmp $out.b.tmp > $out.pairs.tmp"
        " && rwfilter --tuple-file=$out.pairs.tmp --tuple-fields=sip,dip --tuple-direction=both"
        " --pass=$out.rw $out.http.tmp"
    )


RWMATCH = """
  rwfilter --proto=6 --dport=80 --pass=stdout $flows.rw |
    rwsort --fields=sip,dip,stime --output-path=$out.a.tmp &
  rwfilter --proto=6 --sport=80 --pass=stdout $flows.rw |
    rwsort --fields=dip,sip,stime --output-path=$out.b.tmp
  wait
  rwmatch --relate=sip,dip --relate=dip,sip --infinite-delta --symmetric-delta \\
    $out.a.tmp $out.b.tmp $out.rw"""


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


def merge_side(port: str) -> str:
    return (
        "(select srcip, dstip, sum(packets) as packets, sum(bytes) as bytes, count(*)"
        f" from '$flows.parquet' where {port} in (80, 443) group by all)"
    )


def engine_sessions(name: str) -> Peer:
    return Peer(f"nfql-2013 $aux/http-{name}.json $flows.plain.ft > $out.txt")


FILTERS = [
    Job(
        "zlib-few",
        "filter, 2 % pass, flow-tools with zlib in and out",
        flow_tools("few", "dstport = ssh", 6),
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
        flow_tools("half", "packets > 1", 6),
        (Faster(2), Size(0.05, "flow-nfilter")),
        {"flow-nfilter": nfilter("half")},
    ),
    Job(
        "zlib-all",
        "filter, all pass, flow-tools with zlib in and out",
        flow_tools("all", "packets > 0", 6),
        (Faster(2), Size(0.05, "flow-nfilter")),
        {"flow-nfilter": nfilter("all"), "2013 engine": engine_filter("all")},
    ),
    Job(
        "zlib-fast",
        "the same at our fastest level (-z 1)",
        flow_tools("all", "packets > 0", 1),
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
            "SiLK": Peer(
                "rwtotal --proto --summation --skip-zeroes --no-titles --no-columns $flows.rw"
                " | sed -nE 's/^TOTALS\\|([0-9]+)\\|([0-9]+)\\|([0-9]+)\\|$/\\1,\\3,\\2/p' > $out.csv"
            ),
            "nfdump": Peer(
                "nfdump -r $flows.nfdump -N -o null | sed -nE 's/^Summary: total flows: ([0-9]+),"
                " total bytes: ([0-9]+), total packets: ([0-9]+),.*/\\1,\\3,\\2/p' > $out.csv"
            ),
            "DuckDB": Peer(
                """$duckdb "select count(*), sum(packets), sum(bytes) from '$flows.parquet'" """
                " > $out.csv"
            ),
        },
        limit="cat $flows.nfql > /dev/null",
    ),
    Job(
        "pairs-report",
        "group srcip, dstip: sum, sum, count as CSV",
        f"nfql-group 'srcip, dstip' {REPORT} $flows.nfql -o $out.csv",
        (Faster(4, {"DuckDB": 2}),),
        {
            "DuckDB": Peer(
                f"""$duckdb "copy ({PAIRS_IN_SQL} from '$flows.parquet' group by all)"""
                """ to '$out.csv' (header false)" """
            ),
            "SiLK": Peer(
                f"rwuniq --fields=sip,dip --values=packets,bytes,records {RWTEXT}"
                " --column-separator=, $flows.rw > $out.csv"
            ),
            "nfdump": Peer(
                "nfdump -r $flows.nfdump -A srcip,dstip -N -q -o fmt:%sa,%da,%pkt,%byt,%fl"
                " > $out.csv"
            ),
            "2013 engine": Peer(
                "mkdir $out && nfql-2013 -v 1 -z 0 -d $out $aux/groups.json $flows.plain.ft"
                " > /dev/null && mv $out/grouper-branch-0-groups.ftz $out.ftz && rm -r $out",
                ROWS,
            ),
        },
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
        {"2013 engine": Peer("nfql-2013 $aux/http-large.json $small > $out.txt")},
        limit="true",
        grows=False,
        runs=21,
    ),
    Job(
        "pipe",
        "two filters over a pipe, all pass",
        "nfql-filter 'packets > 0' $flows.nfql | nfql-filter 'bytes > 0' -o $out.nfql",
        (Within(1.3, "one process"),),
        {
            "one process": Peer(
                "nfql-filter 'packets > 0 and bytes > 0' $flows.nfql -o $out.nfql"
            ),
            "cat | cat": Peer("cat $aux/raw.nfql | cat > $out.copy", None),
            "cat": Peer("cat $aux/raw.nfql > $out.copy", None),
        },
        setup="nfql-filter any $flows.nfql -z none -o $aux/raw.nfql",
    ),
]

TARGETS = FILTERS + GROUPS + QUERIES
