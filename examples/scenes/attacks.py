"""What nobody wants: spam, broken passwords, worms, and programs that report to their masters."""

from scene import MINUTE, SECOND, SYN, Scene

SMTP, SSH, SMB = 25, 22, 445


def spam(chance):
    """Two bots, and mail of all kinds that is no spam run."""
    scene = Scene(chance)
    scene.any_day(30, 30 * MINUTE, "10.4.0", ("192.0.2.40", "192.0.2.41"))

    def mail(at, host, exchanger):
        scene.flow(at, 1200, (host, 20_000 + at % 40_000), (exchanger, SMTP),
                   bytes=2000 + scene.chance.randrange(2000))

    bots = (("10.4.0.23", 35, 2600), ("10.4.0.44", 25, 4100))
    for host, count, every in bots:
        for n in range(count):
            mail(5 * MINUTE + every * n, host, f"203.0.113.{1 + n}")
        scene.plant("spam-run", "run.srcip,run.servers", host, count)
    for n in range(30):  # a mail server talks to many others too, but they also talk to it
        mail(6 * MINUTE + 3000 * n, "10.4.0.25", f"203.0.113.{101 + n}")
    for n in range(6):
        mail(MINUTE + 40 * SECOND * n, f"203.0.113.{111 + n}", "10.4.0.25")
    for n in range(30):  # a program that mails its reports to one server
        mail(8 * MINUTE + 1500 * n, "10.4.0.60", "10.4.0.25")
    for n in range(22):  # somebody who writes to many people, one after the other
        mail(MINUTE + 70 * SECOND * n, "10.4.0.70", f"203.0.113.{201 + n}")
    return scene


def break_in(chance):
    """Passwords are tried, and one is found."""
    scene = Scene(chance)
    scene.any_day(30, 20 * MINUTE, "10.2.0", ("192.0.2.20", "192.0.2.21"))

    def tries(start, every, count, attacker, target):
        for n in range(count):
            scene.flow(start + every * n, 300 + scene.chance.randrange(400),
                       (attacker, 33_000 + n), (target, SSH), bytes=3200)
            if count >= 10:
                scene.plant("ssh-attempts", "srcip,srcport,dstip", attacker, 33_000 + n, target)

    def session(at, host, target, minutes=3):
        scene.flow(at, minutes * MINUTE, (host, 34_000), (target, SSH), bytes=400_000)

    tries(MINUTE, 2 * SECOND, 24, "203.0.113.5", "10.2.0.7")
    session(MINUTE + 52 * SECOND, "203.0.113.5", "10.2.0.7")
    scene.plant("ssh-break-in", "attempts.srcip,attempts.dstip,attempts.count,session.bytes",
                "203.0.113.5", "10.2.0.7", 24, 400_000)
    session(20 * SECOND, "203.0.113.6", "10.2.0.8", minutes=1)  # before, not after
    tries(2 * MINUTE, SECOND, 15, "203.0.113.6", "10.2.0.8")
    tries(2 * MINUTE, MINUTE, 12, "203.0.113.9", "10.2.0.7")  # too slow for one run
    session(14 * MINUTE, "203.0.113.9", "10.2.0.7")
    tries(3 * MINUTE, 5 * SECOND, 3, "10.2.0.2", "10.2.0.7")  # somebody who mistypes
    session(3 * MINUTE + 20 * SECOND, "10.2.0.2", "10.2.0.7")
    session(4 * MINUTE, "10.2.0.3", "10.2.0.8")
    return scene


def worm(chance):
    """A worm sweeps a network, gets into two hosts, and they call it back."""
    scene = Scene(chance)
    scene.any_day(30, 2 * MINUTE, "10.3.0", ("192.0.2.30", "192.0.2.31"))
    carrier, scanner = "10.3.0.66", "10.3.0.99"
    entered = {17: 1700, 29: 2300}  # by last byte of the address: when it calls back

    def sweep(start, source, network, count, infected):
        for n in range(1, count + 1):
            at, target = start + 50 * n, (f"{network}.{n}", SMB)
            if n in infected:
                scene.flow(at, 300, (source, 2000 + n), target, bytes=30_000)
            else:
                scene.flow(at, 0, (source, 2000 + n), target, bytes=48, flags=SYN)
        scene.plant("horizontal-scan", "srcip,dstport,hosts", source, SMB, count - len(infected))

    sweep(0, carrier, "10.3.1", 40, entered)
    for last, at in entered.items():
        victim = f"10.3.1.{last}"
        scene.flow(at, 900, (victim, 1030), (carrier, 9996), bytes=70_000)
        scene.plant("worm-spread", "fanout.srcip,exploit.dstip,back.dstport", carrier, victim, 9996)
    sweep(10 * SECOND, scanner, "10.3.2", 30, {5: None})  # gets in, but nobody calls
    for n in range(1, 6):  # files of the office, and a call to a host that swept nothing
        scene.flow(5000 * n, 2000, ("10.3.0.5", 2500 + n), (f"10.3.1.{n}", SMB), bytes=90_000)
    scene.flow(6 * SECOND, 900, ("10.3.1.1", 1031), ("10.3.0.5", 9996), bytes=70_000)
    scene.flow(50 * SECOND, 900, ("10.3.2.5", 1032), (scanner, 9996), bytes=70_000)  # far too late
    return scene


def beacon(chance):
    """Something reports once a minute; others come as often, or as regularly."""
    scene = Scene(chance)
    scene.any_day(30, 40 * MINUTE, "10.7.0", ("192.0.2.70", "192.0.2.71"))

    def reports(host, master, at, gaps):
        for n, gap in enumerate([0, *gaps]):
            at += gap
            scene.flow(at, 250, (host, 45_000 + n), master, bytes=600)

    def about(every, by, count):
        return [every - by + scene.chance.randrange(2 * by + 1) for _ in range(count)]

    found = (("10.7.0.8", ("203.0.113.77", 443), 30), ("10.7.0.12", ("203.0.113.79", 8080), 14))
    for host, master, count in found:
        reports(host, master, 17 * SECOND, about(MINUTE, 800, count - 1))
        scene.plant("beaconing", "srcip,dstip,dstport,count", host, *master, count)
    reports("10.7.0.9", ("203.0.113.78", 443), 5 * SECOND, about(5 * MINUTE, 500, 7))
    reports("10.7.0.10", ("198.51.100.7", 443), 9 * SECOND, about(55 * SECOND, 50_000, 30))
    reports("10.7.0.11", ("198.51.100.8", 143), 3 * SECOND, about(MINUTE, 200, 4))
    return scene
