"""One host scans another: vertically, with lone SYNs and with UDP packets."""

from scene import RST_ACK, SYN, SYN_ACK, UDP, Scene

SCANNER, WEB, OTHER = "10.77.0.66", "10.77.0.2", "10.77.0.3"
OPEN_PORTS = (22, 80)


def scene(chance):
    """10.77.0.66 tries TCP ports 1 to 120 of 10.77.0.2 and 40 UDP ports of 10.77.0.3."""
    made = Scene(chance)
    for n in range(12):  # pages and their answers
        client = ("10.77.0.1", 40000 + n)
        made.flow(700 * n, 40, client, (WEB, 80), bytes=420, packets=6)
        made.flow(700 * n + 1, 38, (WEB, 80), client, bytes=6200, packets=8)
    for port in range(1, 121):
        at = 2000 + 5 * port
        answer = SYN_ACK if port in OPEN_PORTS else RST_ACK
        made.flow(at, 0, (SCANNER, 52001), (WEB, port), bytes=44, flags=SYN)
        made.flow(at + 1, 0, (WEB, port), (SCANNER, 52001), flags=answer)
    for n in range(40):
        made.flow(4000 + 20 * n, 0, (SCANNER, 52002), (OTHER, 1000 + 7 * n), UDP, bytes=28)
    made.plant("port-scan", "srcip,dstip,ports", SCANNER, WEB, 120)
    made.plant("port-scan", "srcip,dstip,ports", SCANNER, OTHER, 40)
    made.plant("scan-answered", "scan.srcip,open.srcip,open.ports", SCANNER, WEB, "{22;80}")
    return made
