#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The noise (noise.py) into the program under valgrind, with a client's orders (6 s; MIP6SIM_MEMORY seconds): no invalid access,
nothing uninitialised, nothing lost at the end."""
import os
import shutil
import sys

import noise
import outside

outside.enter()
valgrind = os.environ.get("VALGRIND", "valgrind")
if not valgrind or not shutil.which(valgrind):
    outside.skip("no valgrind: apt-get install valgrind")
if os.environ.get("INSTRUMENTED") == "yes":
    outside.skip("this build looks after itself")
status, told, sent, memory = noise.make_noise(float(os.environ.get("MIP6SIM_MEMORY", "6")), wrapper=(
    valgrind, "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,indirect",
    "--errors-for-leak-kinds=definite,indirect"))
assert status == 0, "status %d: %s" % (status, told)
print("memory: %d frames under valgrind" % sent)
sys.exit(0)
