"""A made trace: flows as they are exported, and what was planted among them."""

import ipaddress

import make_flow_tools
import make_nfql

START = 1_791_000_000_000  # ms since the epoch: 2026-10-03T04:00:00Z
SECOND, MINUTE = 1000, 60_000
ICMP, TCP, UDP = 1, 6, 17
SYN, RST_ACK, SYN_ACK, WHOLE = 0x02, 0x14, 0x12, 0x1B  # flags; a whole connection has F S P A
NAMES = ("start", "end", "srcip", "srcport", "dstip", "dstport", "proto", "flags", "packets",
         "bytes")
# A packet of so many bytes is usual for so many bytes of a connection.
USUAL_PACKET = 800


class Scene:
    """Flows at times in ms after START."""

    def __init__(self, chance):
        self.chance = chance
        self.flows = []
        self.planted = {}

    def plant(self, query, columns, *values):
        """A line that a query must print, with these columns; without values only the columns."""
        _, lines = self.planted.setdefault(query, (columns, []))
        if values:
            lines.append(",".join(map(str, values)))

    def flow(self, at, length, source, target, proto=TCP, **others):
        """source and target are (address, port)."""
        size = others.pop("bytes", 40)
        self.flows.append({
            "start": START + at, "end": START + at + length,
            "srcip": source[0], "srcport": source[1], "dstip": target[0], "dstport": target[1],
            "proto": proto, "flags": others.pop("flags", WHOLE if proto == TCP else 0),
            "packets": others.pop("packets", 1 + size // USUAL_PACKET), "bytes": size, **others})

    def exchange(self, at, length, client, server, sizes, proto=TCP):
        """A connection: a flow each way, of sizes[0] and sizes[1] bytes."""
        self.flow(at, length, client, server, proto, bytes=sizes[0])
        self.flow(at + 1, max(length - 1, 1), server, client, proto, bytes=sizes[1])

    def any_day(self, count, until, network, servers):
        """Pages, time and pings of some hosts of a network such as 10.1.0."""
        for _ in range(count):
            at = self.chance.randrange(until)
            client = f"{network}.{100 + self.chance.randrange(40)}"
            port = 49_152 + self.chance.randrange(10_000)
            server = servers[self.chance.randrange(len(servers))]
            kind = self.chance.randrange(4)
            if kind == 0:
                self.exchange(at, 30, (client, port), (server, 123), (76, 76), UDP)
            elif kind == 1:
                self.exchange(at, 200, (client, 0), (server, 2048), (336, 336), ICMP)
            else:
                self.exchange(at, 50 + self.chance.randrange(4000), (client, port), (server, 8443),
                              (900 + self.chance.randrange(3000),
                               5000 + self.chance.randrange(60_000)))

    def trace(self, native=False):
        """The bytes of the file; flows stand in the order in which they end, as exporters write."""
        flows = sorted(self.flows, key=lambda flow: (flow["end"], flow["start"], flow["srcip"],
                                                     flow["srcport"]))
        if native:
            rows = [flow | {name: ipaddress.ip_address(flow[name]) for name in ("srcip", "dstip")}
                    for flow in flows]
            return make_nfql.make(rows, [*NAMES, "inif"])
        rows = [make_flow_tools.parse_row(",".join(str(flow[name]) for name in NAMES))
                for flow in flows]
        return make_flow_tools.make(rows,
                                    flags=make_flow_tools.DONE | make_flow_tools.COMPRESS)
