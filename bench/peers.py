"""How others answer the questions: their commands, where these are long or used twice."""

from jobs import ROWS, Peer

RWTEXT = "--no-titles --no-columns --no-final-delimiter"
NFDUMP_SUMS = (
    "nfdump -r $flows.nfdump -N -o null | sed -nE 's/^Summary: total flows: ([0-9]+),"
    " total bytes: ([0-9]+), total packets: ([0-9]+),.*/\\1,\\3,\\2/p' > $out.csv"
)
RWTOTAL = (
    "rwtotal --proto --summation --skip-zeroes --no-titles --no-columns"
    " {} | sed -nE 's/^TOTALS\\|([0-9]+)\\|([0-9]+)\\|([0-9]+)\\|$/\\1,\\3,\\2/p' > $out.csv"
)
SILK_SUMS = RWTOTAL.format("$flows.rw")
IPFIX_SUMS = "rwipfix2silk --silk-output=stdout $flows.ipfix | " + RWTOTAL.format("")


def nfilter(name: str) -> Peer:
    return Peer(f"flow-nfilter -f $aux/nfilter -F {name} -z 6 < $flows.ft > $out.ft")


def engine_filter(query: str) -> Peer:
    return Peer(
        f"mkdir $out && nfql-2013 -v 1 -z 6 -d $out $aux/{query}.json $flows.ft &&"
        " mv $out/filter-branch-0-filtered-records.ftz $out.ftz && rmdir $out"
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


def merge_side(port: str) -> str:
    return (
        "(select srcip, dstip, sum(packets) as packets, sum(bytes) as bytes, count(*)"
        f" from '$flows.parquet' where {port} in (80, 443) group by all)"
    )


def engine_sessions(name: str) -> Peer:
    return Peer(f"nfql-2013 $aux/http-{name}.json $flows.plain.ft > $out.txt")


PAIRS = {
    "DuckDB": Peer(
        """$duckdb "copy (select srcip, dstip, sum(packets), sum(bytes), count(*)"""
        """ from '$flows.parquet' group by all) to '$out.csv' (header false)" """
    ),
    "SiLK": Peer(
        f"rwuniq --fields=sip,dip --values=packets,bytes,records {RWTEXT}"
        " --column-separator=, $flows.rw > $out.csv"
    ),
    "nfdump": Peer(
        "nfdump -r $flows.nfdump -A srcip,dstip -N -q -o fmt:%sa,%da,%pkt,%byt,%fl" " > $out.csv"
    ),
    "2013 engine": Peer(
        "mkdir $out && nfql-2013 -v 1 -z 0 -d $out $aux/groups.json $flows.plain.ft"
        " > /dev/null && mv $out/grouper-branch-0-groups.ftz $out.ftz && rm -r $out",
        ROWS,
    ),
}
