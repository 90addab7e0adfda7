"""What people in an office do: names and pages, and a few large transfers."""

from scene import MINUTE, SECOND, UDP, Scene

RESOLVER = ("10.1.0.53", 53)
WEB, OTHER_WEB = ("192.0.2.80", 80), ("192.0.2.81", 80)
SECURE, OTHER_SECURE = ("198.51.100.1", 443), ("198.51.100.2", 443)
DOWNLOAD = "stream,srcip,srcport,dstip,dstport"
SESSION = "client,server,port,up,total,count"
ANSWERED = "query.srcip,query.srcport,answer.packets"
VISIT = "lookup.srcip,visit.dstip,visit.dstport"


def web(chance):
    """Sessions of HTTP, HTTPS and DNS; clients that ask for a name and then connect."""
    scene = Scene(chance)
    scene.any_day(40, 20 * MINUTE, "10.1.0", ("192.0.2.90", "192.0.2.91", "198.51.100.9"))
    http(scene)
    https(scene)
    dns(scene)
    visits(scene)
    return scene


def http(scene):
    for n in range(8):  # pages, too small to be downloads
        client = ("10.1.0.11", 50_100 + n)
        scene.exchange(MINUTE + 3 * SECOND * n, 300, client, WEB, (700, 5000 + 9000 * n))
    downloads = ((5 * SECOND, "10.1.0.11", 50_001, 350_000), (20 * SECOND, "10.1.0.12", 50_002,
                                                              1_200_000))
    for stream, (at, client, port, size) in enumerate(downloads):
        scene.exchange(at, size // 200, (client, port), WEB, (900, size))
        scene.plant("http-sessions", DOWNLOAD, stream, client, port, *WEB)
        scene.plant("http-sessions", DOWNLOAD, stream, *WEB, client, port)
    # A large answer whose request went another way, and a request that nobody answered.
    scene.flow(40 * SECOND, 3000, OTHER_WEB, ("10.1.0.13", 50_099), bytes=800_000)
    scene.flow(41 * SECOND, 3000, ("10.1.0.13", 50_098), OTHER_WEB, bytes=500)


def https(scene):
    # A long session comes in pieces, for a router exports what lasts longer than its timeout.
    client = ("10.1.0.21", 51_001)
    for at in (10 * SECOND, 40 * SECOND, 70 * SECOND):
        scene.exchange(at, 30 * SECOND - 10, client, SECURE, (2000, 90_000))
    scene.plant("https-sessions", SESSION, client[0], SECURE[0], client[1], 6000, 276_000, 6)
    # The same addresses and ports again five minutes later are another session.
    scene.exchange(400 * SECOND, 500, client, SECURE, (800, 7000))
    scene.plant("https-sessions", SESSION, client[0], SECURE[0], client[1], 800, 7800, 2)
    other = ("10.1.0.22", 51_002)
    scene.exchange(12 * SECOND, 900, other, OTHER_SECURE, (1500, 30_000))
    scene.plant("https-sessions", SESSION, other[0], OTHER_SECURE[0], other[1], 1500, 31_500, 2)
    for n in range(3):  # tries that nobody answers
        scene.flow((100 + n) * SECOND, 0, ("10.1.0.23", 51_003), OTHER_SECURE, bytes=60, flags=2)


def dns(scene):
    for n in range(6):
        client = (f"10.1.0.{11 + n}", 40_001 + n)
        scene.flow(150 * SECOND + 7000 * n, 0, client, RESOLVER, UDP, bytes=60)
        scene.flow(150 * SECOND + 7000 * n + 20, 0, RESOLVER, client, UDP, bytes=120)
        scene.plant("dns-sessions", ANSWERED, *client, 1)
    lone, late, asked = ("10.1.0.17", 40_020), ("10.1.0.18", 40_021), ("10.1.0.19", 40_022)
    scene.flow(200 * SECOND, 0, lone, RESOLVER, UDP, bytes=60)
    scene.flow(210 * SECOND, 0, late, RESOLVER, UDP, bytes=60)
    scene.flow(213 * SECOND, 0, RESOLVER, late, UDP, bytes=120)
    scene.flow(220 * SECOND, 0, asked, RESOLVER, UDP, bytes=60)  # and someone else answers
    scene.flow(220 * SECOND + 9, 0, ("192.0.2.53", 53), asked, UDP, bytes=120)


def visits(scene):
    def lookup(at, client):
        scene.exchange(at, 15, (client, 41_000), RESOLVER, (60, 120), UDP)
        scene.plant("dns-sessions", ANSWERED, client, 41_000, 1)

    def visit(after, client, server):
        scene.exchange(at + 15 + after, 400, (client, 52_000), server, (900, 20_000))

    found = ((5, "10.1.0.31", SECURE), (0, "10.1.0.32", OTHER_SECURE), (18, "10.1.0.33", WEB))
    missed = ((400, "10.1.0.34", SECURE), (-300, "10.1.0.35", WEB))
    for n, (after, client, server) in enumerate(found + missed):
        at = 300 * SECOND + 9 * SECOND * n
        lookup(at, client)
        visit(after, client, server)
        answered(scene, client, server)
        if after in range(50):
            scene.plant("dns-then-connect", VISIT, client, *server)
        if after in range(1, 31) and server[1] == 80:
            scene.plant("dns-then-http", "lookup.srcip,visit.dstip", client, server[0])
    at = 380 * SECOND  # one asks, another connects
    lookup(at, "10.1.0.36")
    visit(10, "10.1.0.37", SECURE)
    answered(scene, "10.1.0.37", SECURE)


def answered(scene, client, server):
    """What a connection of visits() is to https-sessions."""
    if server[1] == 443:
        scene.plant("https-sessions", SESSION, client, server[0], 52_000, 900, 20_900, 2)


def heavy(chance):
    """Hosts that send much: in a few large flows, in many small ones, in a single one."""
    scene = Scene(chance)
    scene.any_day(60, 10 * MINUTE, "10.6.0", ("192.0.2.60", "192.0.2.61"))
    target = ("192.0.2.6", 873)

    def send(host, sizes):
        for n, size in enumerate(sizes):
            scene.flow(scene.chance.randrange(9 * MINUTE), size // 1000, (host, 53_000 + n), target,
                       bytes=size)

    elephants = [2_000_000 + 800_000 * n for n in range(10)]
    send("10.6.0.1", elephants)
    mixed = [40_000] * 9 + [15_000_000, 16_000_000, 17_000_000]
    send("10.6.0.4", mixed)
    for host, sizes in (("10.6.0.1", elephants), ("10.6.0.4", mixed)):
        scene.plant("heavy-hitters", "srcip,total,count", host, sum(sizes), len(sizes))
    send("10.6.0.2", [700_000] * 60)  # as much, in small pieces
    send("10.6.0.3", [30_000_000])  # once
    send("10.6.0.5", [2_500_000] * 5)  # not much in all
    return scene
