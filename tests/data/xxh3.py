"""XXH3, the 64-bit hash of nfql-stream(5) with seed 0, in plain Python: slow, and needs no package."""

import struct

MASK = 2**64 - 1
PRIME32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
PRIME64 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
           0x27D4EB2F165667C5)
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")
STRIPE = 64
STRIPES_PER_BLOCK = (len(SECRET) - STRIPE) // 8
STRIPE_KEYS = [struct.unpack_from("<8Q", SECRET, 8 * i) for i in range(STRIPES_PER_BLOCK)]
LAST_KEY = struct.unpack_from("<8Q", SECRET, len(SECRET) - STRIPE - 7)
SCRAMBLE_KEY = struct.unpack_from("<8Q", SECRET, len(SECRET) - STRIPE)
SMALLEST_SECRET = 136  # what the hash of 129 to 240 bytes counts from


def _word(data, at):
    return int.from_bytes(data[at:at + 8], "little")


def _folded(a, b):
    product = a * b
    return (product & MASK) ^ (product >> 64)


def _avalanche(value):
    value = (value ^ value >> 37) * 0x165667919E3779F9 & MASK
    return value ^ value >> 32


def _avalanche_64(value):
    value = (value ^ value >> 33) * PRIME64[1] & MASK
    value = (value ^ value >> 29) * PRIME64[2] & MASK
    return value ^ value >> 32


def _rotated(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK


def _up_to_16(data):
    length = len(data)
    if length > 8:
        low = _word(data, 0) ^ _word(SECRET, 24) ^ _word(SECRET, 32)
        high = _word(data, length - 8) ^ _word(SECRET, 40) ^ _word(SECRET, 48)
        swapped = int.from_bytes(low.to_bytes(8, "little"), "big")
        return _avalanche((length + swapped + high + _folded(low, high)) & MASK)
    if length >= 4:
        first, last = (int.from_bytes(part, "little") for part in (data[:4], data[-4:]))
        value = (last + (first << 32)) ^ _word(SECRET, 8) ^ _word(SECRET, 16)
        value ^= _rotated(value, 49) ^ _rotated(value, 24)
        value = value * 0x9FB21C651E98DF25 & MASK
        value = (value ^ (value >> 35) + length) * 0x9FB21C651E98DF25 & MASK
        return value ^ value >> 28
    if length:
        combined = data[0] << 16 | data[length >> 1] << 24 | data[-1] | length << 8
        first, second = struct.unpack_from("<II", SECRET)
        return _avalanche_64(combined ^ first ^ second)
    return _avalanche_64(_word(SECRET, 56) ^ _word(SECRET, 64))


def _mixed(data, at, secret_at):
    return _folded(_word(data, at) ^ _word(SECRET, secret_at),
                   _word(data, at + 8) ^ _word(SECRET, secret_at + 8))


def _up_to_128(data):
    length = len(data)
    result = length * PRIME64[0]
    for pair in range((length - 1) // 32 + 1):
        result += _mixed(data, 16 * pair, 32 * pair)
        result += _mixed(data, length - 16 * (pair + 1), 32 * pair + 16)
    return _avalanche(result & MASK)


def _up_to_240(data):
    length = len(data)
    result = length * PRIME64[0] + sum(_mixed(data, 16 * i, 16 * i) for i in range(8))
    result = _avalanche(result & MASK)
    result += sum(_mixed(data, 16 * i, 16 * (i - 8) + 3) for i in range(8, length // 16))
    result += _mixed(data, length - 16, SMALLEST_SECRET - 17)
    return _avalanche(result & MASK)


def _accumulate(lanes, data, at, keys):
    for i, value in enumerate(struct.unpack_from("<8Q", data, at)):
        mixed = value ^ keys[i]
        lanes[i ^ 1] = lanes[i ^ 1] + value & MASK
        lanes[i] = lanes[i] + (mixed & 0xFFFFFFFF) * (mixed >> 32) & MASK


def _long(data):
    lanes = [PRIME32[2], *PRIME64[:4], PRIME32[1], PRIME64[4], PRIME32[0]]
    for stripe in range((len(data) - 1) // STRIPE):
        _accumulate(lanes, data, STRIPE * stripe, STRIPE_KEYS[stripe % STRIPES_PER_BLOCK])
        last_of_block = stripe % STRIPES_PER_BLOCK == STRIPES_PER_BLOCK - 1
        if last_of_block and STRIPE * (stripe + 1) < len(data):
            lanes = [(lane ^ lane >> 47 ^ key) * PRIME32[0] & MASK
                     for lane, key in zip(lanes, SCRAMBLE_KEY)]
    _accumulate(lanes, data, len(data) - STRIPE, LAST_KEY)
    result = len(data) * PRIME64[0]
    for i in range(4):
        result += _folded(lanes[2 * i] ^ _word(SECRET, 11 + 16 * i),
                          lanes[2 * i + 1] ^ _word(SECRET, 19 + 16 * i))
    return _avalanche(result & MASK)


def xxh3(data):
    """The hash of some bytes, as a number."""
    for limit, function in ((16, _up_to_16), (128, _up_to_128), (240, _up_to_240)):
        if len(data) <= limit:
            return function(data)
    return _long(data)
