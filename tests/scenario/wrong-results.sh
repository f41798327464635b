#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each command that reads results, before each thing that is none: no directory, a file, an empty directory, text, a foreign
# database, one of a newer program, a damaged one, one that is cut short, nothing, a directory of the name, no permission; and each
# that writes, where it cannot. One message that says what it is, exit status 2 (1 where the machine does not let it), and nothing
# on standard output.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# Not where it is: somebody else may not be let into this tree.
cp "$scenarios/first-handover.ini" "$work" || exit 99
scenario=$work/first-handover.ini
cd "$work" || exit 99
cases=0
as=() # somebody else, who runs the program

# patch FILE OFFSET OCTETS: puts them there.
patch()
{
    # shellcheck disable=SC2059 # octets are escapes
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

try 0 run "$scenario" --out good
try 0 sweep "$scenario" --out swept
cp swept/results.sqlite database
for name in text alien newer damaged short nothing; do
    mkdir "$name"
    cp database "$name/results.sqlite"
done
echo "not a database" >text/results.sqlite
patch alien/results.sqlite 68 '\0\0\0\1'  # the application's number: file format of SQLite, 1.3
patch newer/results.sqlite 60 '\0\0\0\143' # the user's version
head -c 8192 /dev/zero | tr '\0' U | dd of=damaged/results.sqlite bs=4096 seek=1 conv=notrunc status=none
truncate -s 5000 short/results.sqlite
: >nothing/results.sqlite
mkdir -p folder/results.sqlite empty
echo hello >file

# wrong STATUS TEXT ARGUMENT...
wrong()
{
    local expected=$1 text=$2 status
    shift 2
    cases=$((cases + 1))
    timeout 60 "${as[@]}" "$program" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    [ "$status" -eq "$expected" ] || fail "mip6sim $*: exit status $status, expected $expected"
    [ ! -s "$work/stdout" ] || fail "mip6sim $*: something on standard output"
    [ "$(wc -l <"$work/stderr")" -eq 1 ] || fail "mip6sim $*: not one message"
    err_has "$text"
}

# reads TEXT DIRECTORY: with all that read a directory of results.
reads()
{
    local command
    for command in "summarize $2" "summarize $2 --cdf outage" "export $2" "export --json handovers $2" "plot $2" "report $2 -o -" \
        "chart $2" "diff $2 good" "diff good $2" "merge into $2" "query $2 SELECT(1)"; do
        # shellcheck disable=SC2086
        wrong 2 "$1" $command
    done
    [ ! -e into ] || fail "merge: made its directory all the same"
}

reads "no such" missing
for command in summarize plot report chart; do
    wrong 2 "file: not a directory" $command file
done
for command in export "merge into" "query file"; do
    # shellcheck disable=SC2086
    wrong 2 "file is not a database" $command file
done
reads results.sqlite empty
reads "text/results.sqlite: file is not a database" text
reads "alien/results.sqlite: a database, but not one of mip6sim's" alien
reads "newer/results.sqlite: its schema is number 99, made by a newer mip6sim" newer
reads "damaged/results.sqlite: database disk image is malformed; it is damaged" damaged
reads "short/results.sqlite: database disk image is malformed; it is damaged, or has lost its end" short
reads "nothing/results.sqlite: an empty database" nothing
reads "folder/results.sqlite: not a database, but a directory" folder

# Whichever page is damaged: all is read, or the message says what is wrong.
mkdir paged
for page in $(seq $(($(stat -c %s database) / 4096 - 1))); do
    for command in "summarize paged" "export paged --out paged/csv"; do
        rm -rf paged/*
        cp database paged/results.sqlite
        head -c 4096 /dev/zero | tr '\0' Z | dd of=paged/results.sqlite bs=4096 seek="$page" conv=notrunc status=none
        # shellcheck disable=SC2086
        timeout 60 "$program" $command >"$work/stdout" 2>"$work/stderr" </dev/null
        status=$?
        [ "$status" -eq 0 ] || { [ "$status" -eq 2 ] && grep -q "paged/results.sqlite: .*damaged" "$work/stderr"; } ||
            fail "mip6sim $command with page $page damaged: exit status $status"
        cases=$((cases + 1))
    done
done

# -- what writes, where it cannot --
for command in "sweep $scenario --out" "run $scenario --out" "export swept --out" "verify --update $scenario --references"; do
    # shellcheck disable=SC2086
    wrong 2 "file: not a directory" $command file
    # shellcheck disable=SC2086
    wrong 2 "file/x: cannot make this directory: what it would be in is not a directory" $command file/x
done
wrong 2 "file: not a directory" merge file swept
for name in text alien newer damaged folder; do
    wrong 2 "$name/results.sqlite: " sweep "$scenario" --out $name
    wrong 2 "$name/results.sqlite: " merge $name swept
done
try 0 sweep "$scenario" --out nothing # its maker was killed
wrong 2 "--update compares nothing" verify --update --junit verify.xml "$scenario" --references references
wrong 2 "--update compares nothing" verify --update --tap "$scenario" --references references
[ ! -e verify.xml ] && [ ! -e references ] || fail "verify: wrote something all the same"
for command in "report good -o" "chart good --svg" "new"; do
    # shellcheck disable=SC2086
    wrong 1 "No such file or directory" $command missing/x
done

# -- words that are not known --
wrong 2 "has no measure 'nope'" summarize good --measure nope
wrong 2 "has no measure 'nope'" summarize good --cdf nope
wrong 2 "has no axis or column 'nope'" summarize good --by nope
wrong 2 "no handover begins at 1h or later" summarize good --warm-up 1h
wrong 2 "no such column: nope" query swept 'SELECT nope FROM runs'
for jobs in 0 -1 abc '' 1025 99999999999999999999; do
    for command in "sweep --out no" "run --out no" verify; do
        # shellcheck disable=SC2086
        wrong 2 "--jobs: " $command "$scenario" -j "$jobs"
    done
done
[ ! -e no ] || fail "made its directory all the same"

# -- without permission --
chmod -R a+rX "$work"
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
if "${as[@]}" "$program" --version >/dev/null 2>&1; then
    cp -r swept closed
    chmod 000 closed
    reads "closed: cannot be read: Permission denied" closed
    cp -r swept secret
    chmod 000 secret/results.sqlite
    reads "secret/results.sqlite: cannot be read: Permission denied" secret
    cp -r good private
    chmod 000 private/handovers.csv
    wrong 2 "private/handovers.csv" summarize private
    err_has "Permission denied"
    cp -r swept fixed
    chmod 444 fixed/results.sqlite
    mkdir bare
    chmod 555 fixed bare
    wrong 1 "fixed/results.sqlite: cannot be written: Permission denied" sweep "$scenario" --out fixed
    wrong 1 "bare/results.sqlite: cannot be made: Permission denied" sweep "$scenario" --out bare
    wrong 1 "bare/results.sqlite: cannot be made: Permission denied" merge bare swept
    wrong 1 "bare/x: cannot make this directory: Permission denied" sweep "$scenario" --out bare/x
    wrong 1 "Permission denied" run "$scenario" --out bare
    wrong 1 "Permission denied" export swept --out bare
    wrong 1 "Permission denied" report good -o bare/x
    cases=$((cases + 1))
    "${as[@]}" "$program" query fixed 'SELECT count(*) FROM runs' >"$work/stdout" 2>&1 || fail "what may only be read is not read"
else
    echo "without permission: not tried, there is nobody else here"
fi

# -- nowhere to say it --
for command in "query swept SELECT(1)" "summarize good" "export --json handovers swept" "chart good" "report good -o -" "diff good good"; do
    cases=$((cases + 1))
    # shellcheck disable=SC2086
    "$program" $command >/dev/full 2>"$work/stderr" && fail "$command: nothing said of a full disk"
    err_has "cannot write to standard output"
done
finish "$cases wrong directories and words, each told"
