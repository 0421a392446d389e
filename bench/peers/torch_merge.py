#!/usr/bin/env python3
"""Merges of GGUF models of F16 and F32 in PyTorch, tensor by tensor, for comparison with bench/MergeBesideTorch.cs: the same arithmetic in F32.

    torch_merge.py linear|slerp|ties OUT.gguf MODEL.gguf MODEL.gguf [BASE.gguf] [--threads N]

linear: the mean; slerp: half way; ties: density 0.5, weights 1, normalized. One line of JSON goes to the standard output: seconds from the first look into
a file until the output is on the disk, without the time to load PyTorch, and the peak of resident memory. Needs torch and numpy, no more.
"""
import argparse
import json
import math
import os
import resource
import struct
import time

import numpy
import torch

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
TYPES = {0: numpy.float32, 1: numpy.float16}
STRING, ARRAY = 8, 9


def tensors(path):
    """The tensors of a GGUF file as (name, type, count, place), and where their data begins."""
    with open(path, "rb") as file:
        def number(form):
            return struct.unpack("<" + form, file.read(struct.calcsize(form)))[0]

        def skip(kind):
            if kind == STRING:
                file.seek(number("Q"), 1)
            elif kind == ARRAY:
                inner, count = number("I"), number("Q")
                if inner in SIZES:
                    file.seek(SIZES[inner] * count, 1)
                else:
                    for _ in range(count):
                        skip(inner)
            else:
                file.seek(SIZES[kind], 1)

        if file.read(4) != b"GGUF":
            raise SystemExit(f"{path} is no GGUF file")
        number("I")
        count, keys = number("Q"), number("Q")
        for _ in range(keys):
            file.seek(number("Q"), 1)
            skip(number("I"))
        found = []
        for _ in range(count):
            name = file.read(number("Q")).decode()
            values = math.prod(number("Q") for _ in range(number("I")))
            found.append((name, TYPES[number("I")], values, number("Q")))
        start = (file.tell() + 31) // 32 * 32
    return [(name, kind, values, start + place) for name, kind, values, place in found], start


def linear(a, b, _):
    return a.add_(b).mul_(0.5)


def slerp(a, b, _):
    # The process peaks at four gigabytes, with vector_norm as with these.
    from_, to = torch.dot(a, a).sqrt(), torch.dot(b, b).sqrt()
    cosine = (torch.dot(a, b) / (from_ * to)).item()
    if abs(cosine) > 0.9995:
        return a.mul_(0.5).add_(b, alpha=0.5)
    angle = math.acos(cosine)
    share = math.sin(angle / 2) / math.sin(angle)
    return a.mul_(share).add_(b, alpha=share)


def ties(a, b, base, density=0.5):
    a.sub_(base)
    b.sub_(base)
    for delta in (a, b):
        keep = int(density * delta.numel())
        magnitude = delta.abs()
        threshold = torch.kthvalue(magnitude, delta.numel() - keep + 1).values
        delta.masked_fill_(magnitude.lt(threshold), 0)
        del magnitude
    majority = torch.where((a + b) >= 0, 1.0, -1.0)
    divisor = torch.zeros_like(a)
    total = torch.zeros_like(a)
    for delta in (a, b):
        agrees = delta.sign().eq(majority)
        total.add_(delta * agrees)
        divisor.add_(agrees)
    return base.add_(total.div_(divisor.clamp_(min=1)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("method", choices=["linear", "slerp", "ties"])
    parser.add_argument("output")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    merge = {"linear": linear, "slerp": slerp, "ties": ties}[arguments.method]

    begin = time.monotonic()
    tables = [tensors(path) for path in arguments.models]
    places = [{name: place for name, _, _, place in table} for table, _ in tables]
    with torch.no_grad(), open(arguments.output, "wb") as output:
        with open(arguments.models[0], "rb") as first:
            output.write(first.read(tables[0][1]))
        for name, kind, count, place in tables[0][0]:
            inputs = [torch.from_numpy(numpy.fromfile(path, kind, count, offset=own[name])).float() for path, own in zip(arguments.models, places)]
            result = merge(*inputs, *[None] * (3 - len(inputs)))
            output.seek(place)
            output.write((result.half() if kind is numpy.float16 else result).numpy().data)
            del inputs, result
        output.flush()
        os.fsync(output.fileno())
    print(json.dumps({"seconds": time.monotonic() - begin, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
