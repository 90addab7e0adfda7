"""What devices at home do by themselves."""

from scene import MINUTE, SECOND, SYN, UDP, Scene

MDNS, SSDP, GATEWAY = ("224.0.0.251", 5353), ("239.255.255.250", 1900), ("10.5.0.1", 5351)
HTTPS = 443
BURST = "srcip,count"
CALLER = "ssdp.srcip,ssdp.count,natpmp.count"
FAILOVER = "attempt.srcip,attempt.dstip,connect.srcip,connect.dstip"


def chatter(chance):
    """Devices announce themselves by mDNS, and programs look for a way through the gateway."""
    scene = Scene(chance)
    scene.any_day(30, 15 * MINUTE, "10.5.0", ("192.0.2.50", "192.0.2.51"))
    announcements(scene)
    start_ups(scene)
    return scene


def announcements(scene):
    def burst(start, host, count, every=3 * SECOND):
        for n in range(count):
            scene.flow(start + every * n, 100, (host, 5353), MDNS, UDP, bytes=180)

    for start, host, count in ((5 * SECOND, "10.5.0.11", 20), (30 * SECOND, "10.5.0.12", 25),
                               (8 * MINUTE, "10.5.0.12", 15)):
        burst(start, host, count)
        scene.plant("mdns-chatter", BURST, host, count)
    burst(2 * MINUTE, "10.5.0.13", 3)
    burst(MINUTE, "10.5.0.14", 10, every=80 * SECOND)  # too slow to be one burst
    for n in range(20):  # the port, but to one host
        scene.flow(3 * MINUTE + 900 * n, 20, ("10.5.0.15", 5353), ("10.5.0.9", 5353), UDP, bytes=90)


def start_ups(scene):
    def search(start, host, count):
        for n in range(count):
            scene.flow(start + SECOND * n, 100, (host, 1900), SSDP, UDP, bytes=175)

    def map_ports(start, host, count):
        for n in range(count):
            scene.flow(start + SECOND * n, 60, (host, 5350), GATEWAY, UDP, bytes=60)

    # The search is still going on when the gateway is asked, or lasts longer than that.
    for start, host, searches, later, maps in ((MINUTE, "10.5.0.21", 4, 2000, 5),
                                               (4 * MINUTE, "10.5.0.22", 8, 3000, 2)):
        search(start, host, searches)
        map_ports(start + later, host, maps)
        scene.plant("skype-startup", CALLER, host, searches, maps)
    search(2 * MINUTE, "10.5.0.23", 5)  # a television
    map_ports(2 * MINUTE + 2000, "10.5.0.24", 3)  # something else, of another host
    search(6 * MINUTE, "10.5.0.25", 3)
    map_ports(7 * MINUTE, "10.5.0.25", 3)  # of the same one, but long after


def eyeballs(chance):
    """Browsers that try IPv6 first and fall back to IPv4. What tells a household is its line."""
    scene = Scene(chance)

    def attempt(at, line, host, server, answered=False):
        scene.flow(at, 700 if answered else 0, (host, 54_000), (server, HTTPS), inif=line,
                   **({"bytes": 9000} if answered else {"bytes": 80, "flags": SYN}))

    def connect(at, line, host, server):
        scene.flow(at, 900, (host, 54_001), (server, HTTPS), inif=line, bytes=12_000)

    for n in range(30):  # each family by itself, as on any day
        line = 20 + n % 6
        attempt(4000 * n, line, f"2001:db8:{line:x}::10", "2001:db8:ff::1", answered=True)
        connect(4000 * n + 2300, line, f"10.8.{line}.10", "192.0.2.10")
    wide, narrow = "2001:db8:ff::44", "192.0.2.44"
    for line, after in ((7, 250), (9, 300)):
        attempt(10 * SECOND * line, line, f"2001:db8:{line:x}::10", wide)
        connect(10 * SECOND * line + after, line, f"10.8.{line}.10", narrow)
        scene.plant("happy-eyeballs", FAILOVER, f"2001:db8:{line:x}::10", wide, f"10.8.{line}.10",
                    narrow)
    attempt(30 * SECOND, 11, "2001:db8:b::10", wide)  # and gives up
    attempt(40 * SECOND, 12, "2001:db8:c::10", wide)  # and another household connects
    connect(40 * SECOND + 260, 13, "10.8.13.10", narrow)
    attempt(50 * SECOND, 14, "2001:db8:e::10", wide)  # and somebody tries again by hand
    connect(53 * SECOND, 14, "10.8.14.10", narrow)
    attempt(60 * SECOND, 15, "2001:db8:f::10", wide, answered=True)  # no need to fall back
    connect(60 * SECOND + 270, 15, "10.8.15.10", narrow)
    return scene
