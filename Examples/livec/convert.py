#!/usr/bin/env python3
"""Converts LIVE In the Wild (ChallengeDB_release) into what `vernier train` reads.

usage: convert.py RELEASE OUT [SPLIT]

RELEASE  the folder ChallengeDB_release: Data/*.mat, Images/
OUT      gets mos.csv (IMAGE,MOS,MOS STD), images/ and, with SPLIT, official.csv (IMAGE,SPLIT)
SPLIT    a table with the columns IMAGE and PART (Train or Test)

The seven photos of the observers' training (t1…t7) are left out. BMP files become PNG, pixel for
pixel; the others are linked.
"""

import csv
import math
import os
import struct
import sys
import zlib

# How many people rated a photo on average (README.txt of the release): the standard deviation of a
# mean is that of the ratings by its square root.
RATINGS = 175


def elements(data):
    """The elements of a MATLAB file, version 5: (type, content). Source: MATLAB, «MAT-File Format»."""
    place = 0
    while place + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, place)
        if kind >> 16:  # A small element: its size in the upper half, its content in 4 bytes.
            yield kind & 0xFFFF, data[place + 4 : place + 4 + (kind >> 16)]
            place += 8
            continue
        content = data[place + 8 : place + 8 + size]
        place += 8 + size
        if kind == 15:  # Compressed.
            yield from elements(zlib.decompress(content))
        else:
            yield kind, content
            place += -size % 8


NUMBERS = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "f", 9: "d", 16: "B", 17: "H"}


def numbers(kind, content):
    code = NUMBERS[kind]
    return struct.unpack("<%d%s" % (len(content) // struct.calcsize(code), code), content)


def value(matrix):
    """The content of a matrix: a list of numbers, a text, or a list of these for a cell array."""
    parts = list(elements(matrix))
    kind = parts[0][1][0]
    if kind == 1:
        return [value(content) for what, content in parts[3:] if what == 14]
    values = numbers(*parts[3])
    return "".join(map(chr, values)) if kind == 4 else list(values)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    for kind, content in elements(data[128:]):
        if kind == 14:
            return value(content)
    sys.exit(path + ": it holds no matrix; fetch the data set again")


def png_of_bmp(path, out):
    with open(path, "rb") as file:
        data = file.read()
    start, _, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", data, 10)
    if data[:2] != b"BM" or bits not in (24, 32) or packing not in (0, 3):
        sys.exit(path + ": it is no BMP of 24 or 32 bits")
    step, row = bits // 8, (width * bits // 8 + 3) // 4 * 4
    lines = []
    for y in range(abs(height)):
        line = data[start + y * row : start + y * row + width * step]
        colors = bytearray(3 * width)
        colors[0::3], colors[1::3], colors[2::3] = line[2::step], line[1::step], line[0::step]
        lines.append(b"\0" + bytes(colors))
    if height > 0:
        lines.reverse()

    def chunk(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, abs(height), 8, 2, 0, 0, 0)
    with open(out, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(lines), 1)) + chunk(b"IEND", b""))


def main():
    release, out = sys.argv[1:3]
    tables = {}
    for name in ("AllImages", "AllMOS", "AllStdDev"):
        tables[name] = read("%s/Data/%s_release.mat" % (release, name))
    names = [name if isinstance(name, str) else name[0] for name in tables["AllImages"]]
    os.makedirs(out + "/images", exist_ok=True)
    new = {}
    with open(out + "/mos.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["IMAGE", "MOS", "MOS STD"])
        for name, mean, deviation in zip(names, tables["AllMOS"], tables["AllStdDev"]):
            source = "%s/Images/%s" % (release, name)
            if not os.path.exists(source):
                continue
            stem, suffix = os.path.splitext(name)
            new[name] = stem + ".png" if suffix.lower() == ".bmp" else name
            target = "%s/images/%s" % (out, new[name])
            if not os.path.exists(target):
                if new[name] == name:
                    os.symlink(os.path.abspath(source), target)
                else:
                    png_of_bmp(source, target + ".part")
                    os.rename(target + ".part", target)
            error = deviation / math.sqrt(RATINGS)
            table.writerow([new[name], "%.6f" % mean, "%.6f" % error])
    print("%d photos: %s" % (len(new), out))
    if len(sys.argv) > 3:
        with open(sys.argv[3], newline="") as file, open(out + "/official.csv", "w") as target:
            target.write("IMAGE,SPLIT\n")
            for row in csv.DictReader(file):
                target.write("%s,%s\n" % (new[row["IMAGE"]], row["PART"]))


if __name__ == "__main__":
    main()
