#!/usr/bin/env bash
# Links between the documents lead somewhere, and to what is installed with them: README.md and doc/ beside it.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "${srcdir:-.}" || exit 1
failures=0 count=0
for page in README.md doc/*.md; do
    while read -r target; do
        case $target in *://*) continue ;; esac
        path=$(realpath -m --relative-to=. "$(dirname "$page")/${target%%#*}")
        count=$((count + 1))
        if [ ! -e "$path" ] || ! grep -qE "dist_doc_DATA \+=(.* )?${path//./\\.}( |\$)" doc/local.mk; then
            echo "FAIL: $page: $target is not there, or not installed"
            failures=$((failures + 1))
        fi
    done < <(grep -oE '\]\([^)# ]+' "$page" | cut -c3-)
done
echo "$count links, $failures of them broken"
[ "$count" -gt 10 ] && [ "$failures" -eq 0 ]
