"""What the oracle knows of fields: their names, kinds and values, and how values look in CSV."""

import collections
import datetime
import ipaddress

# Canonical short name -> (other names, kind).
FIELDS = {
    "start": (("flowStartMilliseconds", "stime"), "time"),
    "end": (("flowEndMilliseconds", "etime"), "time"),
    "duration": (("flowDurationMilliseconds", "td"), "duration"),
    "srcip": (("sourceIPv4Address", "src", "sip", "srcaddr"), "address"),
    "srcport": (("sourceTransportPort", "sport"), "port"),
    "dstip": (("destinationIPv4Address", "dst", "dip", "dstaddr"), "address"),
    "dstport": (("destinationTransportPort", "dport"), "port"),
    "proto": (("protocolIdentifier", "prot"), "protocol"),
    "flags": (("tcpControlBits", "tcp_flags"), "flags"),
    "packets": (("packetDeltaCount", "pkts", "dPkts"), "number"),
    "bytes": (("octetDeltaCount", "octets", "dOctets"), "number"),
    "flows": (("deltaFlowCount", "dFlows"), "number"),
    "tos": (("ipClassOfService",), "number"),
    "inif": (("ingressInterface", "input", "sif"), "number"),
    "outif": (("egressInterface", "output", "dif"), "number"),
    "nexthop": (("ipNextHopIPv4Address",), "address"),
    "srcas": (("bgpSourceAsNumber", "src_as"), "number"),
    "dstas": (("bgpDestinationAsNumber", "dst_as"), "number"),
    "srcmask": (("sourceIPv4PrefixLength", "src_mask"), "number"),
    "dstmask": (("destinationIPv4PrefixLength", "dst_mask"), "number"),
    "exporter": (("exporterIPv4Address", "exaddr"), "address"),
    "engine_type": (("engineType",), "number"),
    "engine_id": (("engineId",), "number"),
    "flowId": (("rec_id",), "number"),
}
BITS = {"srcport": 16, "dstport": 16, "proto": 8, "flags": 8, "tos": 8, "srcmask": 8, "dstmask": 8,
        "engine_type": 8, "engine_id": 8, "inif": 32, "outif": 32, "srcas": 32, "dstas": 32}
DEFAULT_COLUMNS = ("start", "end", "srcip", "srcport", "dstip", "dstport", "proto", "flags",
                   "packets", "bytes")
CANONICAL = {name.lower(): field for field, (names, _) in FIELDS.items()
             for name in (field, *names)}
EPOCH = datetime.datetime(1970, 1, 1)
MAPPED = 0xFFFF << 32  # where IPv4 addresses are among those of IPv6
V4_BITS, ALL_BITS = 32, 128

# What a column is: `field` the field it holds the values of (None for computed ones), `form` one of
# "plain", "real" and "set".
Column = collections.namedtuple("Column", "name field kind form")


def canonical(name):
    """The short name of the field that `name` is a name of, or None."""
    return CANONICAL.get(name.lower())


def kind_of(field):
    return FIELDS[field][1]


class Address(int):
    """An address as 128 bits, IPv4 mapped: so both families compare and stand in one order."""

    @classmethod
    def of(cls, source):
        """From text, an IPv4 number, or an address of ipaddress."""
        if isinstance(source, cls):
            return source
        address = ipaddress.ip_address(source)
        return cls(int(address) if address.version == 6 else MAPPED | int(address))

    @property
    def is_v4(self):
        return self >> V4_BITS == MAPPED >> V4_BITS

    @property
    def standard(self):
        """As ipaddress has it."""
        if self.is_v4:
            return ipaddress.IPv4Address(self & 2**V4_BITS - 1)
        return ipaddress.IPv6Address(int(self))

    def network(self, length):
        """The address with all but its first `length` bits zero; all bits stay for too large ones."""
        own = V4_BITS if self.is_v4 else ALL_BITS
        host_bits = own - min(length, own)
        return Address(self >> host_bits << host_bits)

    def __str__(self):
        return str(self.standard)

    __repr__ = __str__


class Prefix:
    """A network, which addresses can be in."""

    def __init__(self, address, length):
        self.length = length
        self.network = address.network(length)
        self.host_bits = (V4_BITS if address.is_v4 else ALL_BITS) - length

    def __contains__(self, address):
        return address >> self.host_bits == self.network >> self.host_bits

    def __str__(self):
        return f"{self.network}/{self.length}"

    __repr__ = __str__


def time_text(ms):
    """ISO 8601 UTC with milliseconds."""
    moment = EPOCH + datetime.timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds") + "Z"


def printed(value, kind):
    """A value that is not real, as CSV shows it."""
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return "{" + ";".join(printed(item, kind) for item in sorted(value)) + "}"
    return time_text(value) if kind == "time" else str(value)
