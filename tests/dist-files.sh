#!/usr/bin/env bash
# A file that git knows and the release does not is a file someone forgot to list.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
if [ ! -e "$srcdir/.git" ] || ! known=$(git -C "$srcdir" ls-files 2>/dev/null) || [ -z "$known" ]; then
    echo "SKIP: not in a git checkout"
    exit 77
fi
unset MAKEFLAGS MFLAGS MAKELEVEL
listed=$("${MAKE:-make}" -s -C "$builddir" --no-print-directory print-distfiles) || exit 1

# Those that are about git itself, or about how this project tests its commits, stay out of a release.
forgotten=$(printf '%s\n' "$known" | awk -v listed="$listed" '
    BEGIN {
        count = split(listed, names, "\n")
        for (i = 1; i <= count; i++)
            is_listed[names[i]] = 1
    }
    /^\.ci\// || /^\.git/ || /\/\.git(ignore|attributes|keep)$/ { next }
    {
        # A folder that is listed brings all that is in it.
        for (name = $0; name != ""; name = (name ~ /\//) ? substr(name, 1, match(name, /\/[^\/]*$/) - 1) : "")
            if (name in is_listed)
                next
        print "    " $0
    }')
if [ -n "$forgotten" ]; then
    echo "FAIL: in git, but not in the release (add to the local.mk of the area):"
    echo "$forgotten"
    exit 1
fi
echo "$(printf '%s\n' "$known" | wc -l) files, all of them in the release"
