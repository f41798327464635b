#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A man page for each command, made of what `mip6sim COMMAND --help` says, so that the two cannot differ. --write makes
# them in doc/man; without it they are held against it.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

write=no
[ "${1:-}" = --write ] && write=yes

page()
{
    local command=$1 purpose=$2
    "$program" "$command" --help | awk -v command="$command" -v purpose="$purpose" '
        function text(line) {
            gsub(/\\/, "\\e", line)
            gsub(/-/, "\\-", line)
            if (line ~ /^[.\x27]/)
                line = "\\\&" line
            return line
        }
        BEGIN {
            printf ".\\\" Made from: mip6sim %s --help\n", command
            printf ".TH MIP6SIM\\-%s 1 \"\" mip6sim \"User commands\"\n.SH NAME\nmip6sim\\-%s \\- %s\n",
                toupper(text(command)), text(command), text(purpose)
            part = "before"
        }
        /^Usage:/ { part = "usage"; print ".SH SYNOPSIS"; next }
        part == "usage" && NF { sub(/^ +/, ""); print ".B " text($0); next }
        part == "usage" { part = "description"; print ".SH DESCRIPTION\n.nf"; next }
        /^Help Options:/ || /^Application Options:/ {
            if (part != "options")
                print ".fi\n.SH OPTIONS\n.nf"
            part = "options"
            next
        }
        part == "options" && /^ / { print text($0); next }
        part == "options" && NF == 0 { next }
        part == "options" { part = "more"; print ".fi\n.SH NOTES\n.nf" }
        part == "description" || part == "more" { print text($0) }
        END { print ".fi\n.SH SEE ALSO\n.BR mip6sim (1)" }'
}

while IFS='|' read -r command purpose; do
    page "$command" "$purpose" >"$work/mip6sim-$command.1"
done < <("$program" --help | awk '
    /^Commands:/ { inside = 1; next }
    inside && NF == 0 { exit }
    inside { name = $1; sub(/^ +[^ ]+ +/, ""); print name "|" $0 }')

for file in "$work"/*.1; do
    name=$(basename "$file")
    if [ "$write" = yes ]; then
        mkdir -p "$srcdir/doc/man"
        cp "$file" "$srcdir/doc/man/$name"
    elif ! cmp -s "$file" "$srcdir/doc/man/$name"; then
        fail "doc/man/$name is not what --help says now; make it anew: MIP6SIM=... tests/scenario/man.sh --write"
    fi
    if command -v man >/dev/null && man --help 2>/dev/null | grep -q -- --warnings; then
        complaint=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=130 man --warnings -E UTF-8 -l -Tutf8 "$file" 2>&1 >/dev/null)
        [ -z "$complaint" ] || fail "$name: $complaint"
    fi
done
for file in "$srcdir"/doc/man/*.1; do
    [ -e "$work/$(basename "$file")" ] || fail "there is no command for $file"
done
finish "every command has its man page"
