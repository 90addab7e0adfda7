"""Queries in the JSON of the 2013 engine, which nfql-run reads as well."""

SOURCE = "sourceIPv4Address"
DESTINATION = "destinationIPv4Address"
PACKETS = "packetDeltaCount"
BYTES = "octetDeltaCount"


def _compare(name: str, bits: int, operator: str, value: int) -> dict:
    offset = {"name": name, "value": value, "datatype": f"RULE_S1_{bits}"}
    return {"term": {"offset": offset, "delta": 0, "op": operator}}


def _same(one: str, other: str, **branches) -> dict:
    offset = {
        "f1_name": one,
        "f1_datatype": "RULE_S1_32",
        "f2_name": other,
        "f2_datatype": "RULE_S2_32",
    }
    equal = {"name": "RULE_EQ", "type": "RULE_REL"}
    return {"term": {"offset": offset, "delta": 0, "op": equal, **branches}}


def _aggregate(name: str, operator: str) -> dict:
    return {"term": {"offset": {"name": name, "datatype": "RULE_S1_32"}, "op": operator}}


def _all_of(*terms) -> dict:
    return {"dnf-expr": [{"clause": list(terms)}]}


def _pairs() -> dict:
    sums = [_aggregate(name, "RULE_STATIC") for name in (SOURCE, DESTINATION)]
    sums += [_aggregate(name, "RULE_SUM") for name in (PACKETS, BYTES)]
    return {
        **_all_of(_same(SOURCE, SOURCE), _same(DESTINATION, DESTINATION)),
        "aggregation": {"clause": sums},
    }


def _with_packets(more_than: int) -> dict:
    return _all_of(_compare(PACKETS, 32, "RULE_GT", more_than))


def few() -> dict:
    """The filter that 2 % pass."""
    ssh = _compare("destinationTransportPort", 16, "RULE_EQ", 22)
    return {"branchset": [{"filter": _all_of(ssh)}]}


def all_flows() -> dict:
    return {"branchset": [{"filter": _with_packets(0)}]}


def groups() -> dict:
    return {"branchset": [{"filter": _with_packets(0), "grouper": _pairs()}]}


def http_sessions(packets: int) -> dict:
    """Pairs of hosts with more packets than that in HTTP requests and in responses to them."""

    def branch(port: str) -> dict:
        http = (_compare(port, 16, "RULE_EQ", 80), _compare("protocolIdentifier", 8, "RULE_EQ", 6))
        return {
            "filter": _all_of(*http),
            "grouper": _pairs(),
            "groupfilter": _with_packets(packets),
        }

    sides = {"branch1_id": 0, "branch2_id": 1}
    return {
        "branchset": [branch("destinationTransportPort"), branch("sourceTransportPort")],
        "merger": _all_of(_same(SOURCE, DESTINATION, **sides), _same(DESTINATION, SOURCE, **sides)),
        "ungrouper": {},
    }
