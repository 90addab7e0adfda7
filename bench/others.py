"""Rows beyond the targets: files of other tools, read and written by ours, and pauses."""

from jobs import Faster, Job, Peer, Within
from peers import IPFIX_SUMS, NFDUMP_SUMS, SILK_SUMS
from targets import SUMS

TOTALS = f"nfql-group '' {SUMS} --no-members -O csv --columns count,packets,bytes"

OTHERS = [
    Job(
        "nfdump-sums",
        "nfdump file: count and sums",
        f"{TOTALS} $flows.nfdump -o $out.csv",
        (Faster(1),),
        {"nfdump": Peer(NFDUMP_SUMS)},
    ),
    Job(
        "nfdump-few",
        "nfdump file: filter, 2 % pass, to another",
        "nfql-filter 'dstport = ssh' $flows.nfdump -o $out.nfdump",
        (Faster(1),),
        {"nfdump": Peer("nfdump -r $flows.nfdump -y -w $out.nfdump 'dst port 22'")},
    ),
    Job(
        "nfdump-all",
        "nfdump file: filter, all pass, to another",
        "nfql-filter 'packets > 0' $flows.nfdump -o $out.nfdump",
        (Faster(1),),
        {"nfdump": Peer("nfdump -r $flows.nfdump -y -w $out.nfdump 'packets > 0'")},
    ),
    Job(
        "ft-plain",
        "flow-tools file, plain: filter, 2 % pass",
        "nfql-filter 'dstport = ssh' $flows.plain.ft -z 0 -o $out.ft",
        (Faster(1),),
        {"flow-nfilter": Peer("flow-nfilter -f $aux/nfilter -F few < $flows.plain.ft > $out.ft")},
    ),
    Job(
        "ft-unpack",
        "flow-tools file, zlib to plain",
        "nfql-filter any $flows.ft -z 0 -o $out.ft",
        (Faster(1),),
        {"flow-cat": Peer("flow-cat $flows.ft > $out.ft")},
    ),
    Job(
        "ipfix-sums",
        "IPFIX file: count and sums",
        f"{TOTALS} $flows.ipfix -o $out.csv",
        (Faster(1),),
        {"SiLK": Peer(IPFIX_SUMS)},
    ),
    Job(
        "silk-sums",
        "SiLK file: count and sums",
        f"{TOTALS} $flows.rw -o $out.csv",
        (Faster(1),),
        {"SiLK": Peer(SILK_SUMS)},
    ),
    Job(
        "pauses",
        "group srcip, dstip and pauses of 30 s",
        f"nfql-group 'srcip, dstip, gap(max.end, start) < 30s' {SUMS} --no-members $flows.nfql"
        " -o $out.groups",
        (Within(3, "the keys alone"),),
        {
            "the keys alone": Peer(
                f"nfql-group 'srcip, dstip' {SUMS} --no-members $flows.nfql -o $out.groups", None
            ),
        },
    ),
]
