#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The reference page says what the program's table of keys says: everything from its line "## Sections and keys" on is what
# `mip6sim keys --markdown` prints.
#
#     tests/scenario/reference.sh --write     (with MIP6SIM=path of the program) brings the page up to date
set -eu
program=${MIP6SIM:?the program to ask}
top=${top_srcdir:-$(dirname "$0")/../..}
page=$top/doc/scenario-reference.md
work=$(mktemp -d "${TMPDIR:-/tmp}/mip6sim-reference.XXXXXX")
trap 'rm -rf "$work"' EXIT

sed '/^## Sections and keys$/q' "$page" > "$work/page"
"$program" keys --markdown >> "$work/page"
if [ "${1:-}" = --write ]; then
    cat "$work/page" > "$page"
    exit 0
fi
if ! diff -u "$page" "$work/page" > "$work/difference"; then
    cat "$work/difference"
    echo "doc/scenario-reference.md is not what the program's table of keys says; bring it up to date:" >&2
    echo "    MIP6SIM=./mip6sim tests/scenario/reference.sh --write" >&2
    exit 1
fi
# The scenario in the page's introduction is a right one.
awk '/^```ini$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" > "$work/example.ini"
[ -s "$work/example.ini" ] || { echo "the page has no example" >&2; exit 1; }
"$program" check "$work/example.ini"
