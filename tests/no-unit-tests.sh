#!/bin/sh
# Stands for all unit tests where configure did not find the library they are written with.
# SPDX-License-Identifier: GPL-2.0-or-later
echo "SKIP: the unit tests need libcheck: apt-get install check, then configure again"
exit 77
