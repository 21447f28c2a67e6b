#!/usr/bin/env python3
"""Holds what one request costs to the bounds below: allocations in every build, instructions where the code is
optimised and valgrind is installed (else exit status 77).

    tests/guard/request_costs.py build/release/bin           prints the table, fails where a bound is exceeded

Instructions are counted by callgrind and do not depend on the machine's mood. A bound is about 15 % above what was
measured when it was set; who makes a step cheaper lowers its bound.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77

# Of one request, by step. A login from memory and a repeat allocate nothing; what logins tell listeners leaves in
# batches of 64, with some allocations each. An Interim waits for Redis, with octets of its own; what its coroutines take is
# not among the allocations, for Asio has them from elsewhere, but among the instructions.
INSTRUCTIONS_MAX = {
    "decode": 105,
    "authenticate": 3350,
    "encode": 4850,
    "login": 25200,
    "repeat": 4850,
    "interim": 40000,
}
ALLOCATIONS_MAX = {"decode": 0, "authenticate": 0, "encode": 0, "login": 0.1, "repeat": 0, "interim": 9}


def report_of(*command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def instructions(program):
    """By step, all that its function and those called by it took."""
    with tempfile.TemporaryDirectory() as directory:
        counts = pathlib.Path(directory) / "callgrind.out"
        bare = pathlib.Path(directory) / "request_costs"  # names enough: valgrind cannot read clang's debug information
        subprocess.run(["llvm-strip-19", "--strip-debug", "-o", bare, program], check=True)
        subprocess.run(["valgrind", "--tool=callgrind", "--quiet", "--collect-atstart=no", "--toggle-collect=measure_*",
                        f"--callgrind-out-file={counts}", bare], check=True, stdout=subprocess.DEVNULL)
        table = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", counts],
                               check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = re.findall(r"^ *([\d,]+) .*:measure_(\w+)", table, re.MULTILINE)
    return {step: int(count.replace(",", "")) for count, step in rows}


def exceeded(what, found, bounds):
    """Prints each row of a table; whether a bound was exceeded."""
    is_exceeded = False
    for step, bound in bounds.items():
        is_over = found[step] > bound
        is_exceeded = is_exceeded or is_over
        print(f"{step:13} {what:13} {found[step]:10.1f}   at most {bound:7}{'   EXCEEDED' if is_over else ''}")
    return is_exceeded


def main():
    program = pathlib.Path(sys.argv[1]) / "request_costs"
    report = report_of(program)
    requests = report["requests"]
    allocations = {step: count / requests for step, count in report["allocations"].items()}
    if exceeded("allocations", allocations, ALLOCATIONS_MAX):
        return 1
    if not report["is_optimised"] or not shutil.which("valgrind"):
        print("instructions: not counted, for this build is not optimised, or valgrind is missing")
        return SKIPPED
    found = {step: count / requests for step, count in instructions(program).items()}
    return 1 if exceeded("instructions", found, INSTRUCTIONS_MAX) else 0


if __name__ == "__main__":
    sys.exit(main())
