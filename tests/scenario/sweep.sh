#!/usr/bin/env bash
# mip6sim sweep, export, query and merge. A sweep that is killed at any moment, by kill -9 or a full disk, goes on where it
# stopped, and its database equals one that was made at once, row for row; shards put together are the whole; what export writes
# is what run writes; results do not depend on -j; and what is wrong is told.
# MIP6SIM_SWEEP_KILLS: how often it is killed (25).
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
kills=${MIP6SIM_SWEEP_KILLS:-25}
directory=$(mktemp -d "$(cd "$builddir" && pwd)/sweep.XXXXXX") || exit 1
mounted=
cleanup()
{
    [ -n "$mounted" ] && umount "$directory/small"
    rm -rf "$directory"
}
trap cleanup EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# try STATUS ARGUMENT...
try()
{
    local expected=$1 status
    shift
    "$program" "$@" >"$directory/out" 2>"$directory/err"
    status=$?
    if [ "$status" -ne "$expected" ]; then
        fail "mip6sim $*: exit status $status, expected $expected"
        cat "$directory/out" "$directory/err"
    fi
}

err_has()
{
    grep -qF -- "$1" "$directory/err" || { fail "nothing on standard error like: $1"; cat "$directory/err"; }
}

# Every row of every table, in order.
dump()
{
    local table
    for table in handovers flows messages expectations runs discards parameters axes meta; do
        echo "== $table"
        "$program" query --csv "$1" "SELECT * FROM $table ORDER BY 1, 2, 3" 2>/dev/null ||
            "$program" query --csv "$1" "SELECT * FROM $table ORDER BY 1, 2"
    done
}

same()
{
    dump "$1" >"$directory/a"
    dump "$2" >"$directory/b"
    [ "$(wc -l <"$directory/a")" -gt 50 ] || fail "$1: no rows to compare"
    cmp -s "$directory/a" "$directory/b" || fail "$1 and $2 differ"
}

cat >"$directory/study.ini" <<END
[scenario]
extends = $(cd "$srcdir" && pwd)/scenarios/rr-vs-kbm.ini
replications = 6
[expect]
lost voice = >= 0
END
study=$directory/study.ini

# -- at once, in shares, and by run: the same --
try 0 sweep "$study" --out "$directory/once" -j 1
grep -q '^240 runs in ' "$directory/out" || fail "not 240 runs: $(cat "$directory/out")"
try 0 sweep "$study" --out "$directory/two" -j 2
same "$directory/once" "$directory/two"
for k in 1 2 3; do
    try 0 sweep "$study" --out "$directory/part-$k" --shard $k/3
done
try 0 merge "$directory/merged" "$directory/part-1" "$directory/part-2" "$directory/part-3"
same "$directory/once" "$directory/merged"
try 0 run "$study" --out "$directory/run"
try 0 export "$directory/once"
for file in handovers.csv flows.csv messages.csv expectations.csv run.json; do
    cmp "$directory/once/$file" "$directory/run/$file" || fail "export and run differ in $file"
done
try 0 sweep "$study" --out "$directory/once"
grep -q '^0 runs .*, 240 were there' "$directory/out" || fail "what is there is run again"

# -- without what is excepted --
cat >"$directory/except.ini" <<END
[scenario]
extends = $study
replications = 2
[sweep]
except = point-to-point ha-access / delay > point-to-point access-edge / delay & peers mn cn / authorization = static-key
END
try 0 check "$directory/except.ini"
grep -q ' 30 points, ' "$directory/out" || fail "not 30 points: $(cat "$directory/out")"
try 0 sweep "$directory/except.ini" --out "$directory/except"
try 0 run "$directory/except.ini" --out "$directory/except-run"
try 0 export "$directory/except"
for file in handovers.csv run.json; do
    cmp "$directory/except/$file" "$directory/except-run/$file" || fail "export and run differ in $file with points left out"
done
"$program" query --csv "$directory/except" 'SELECT count(*), max(point) FROM points' | grep -qx 30,29 || fail "points are not numbered one after the other"
# A key that is set is compared with its value.
try 0 check "$directory/except.ini" --set 'point-to-point ha-access / delay = 50ms'
grep -q ' 6 points, ' "$directory/out" || fail "--set and except: $(cat "$directory/out")"
try 2 sweep "$directory/except.ini" --out "$directory/except" --set 'sweep / except = point-to-point ha-access / delay = 7ms'

# -- what is expected: judged, and no part of what the results are of --
expect()
{
    printf '[scenario]\nextends = %s\ntitle = %s\n%s\n' "$study" "$1" "$2" >"$directory/expect.ini"
}
try 0 sweep "$study" --out "$directory/judged"
grep -qE '^lost voice >= 0 .* 240 +met$' "$directory/out" || fail "no verdict: $(cat "$directory/out")"
expect "Another title" "[verify]
outage = 5ms"
try 0 sweep "$directory/expect.ini" --out "$directory/judged"
grep -q '^0 runs .*, 240 were there' "$directory/out" || fail "another title makes another study"
[ "$("$program" query --csv "$directory/judged" "SELECT value FROM meta WHERE key = 'title'" | tail -1)" = "Another title" ] ||
    fail "the title is not the new one"
expect "Another title" "[expect]
lost voice = < 0"
try 3 sweep "$directory/expect.ini" --out "$directory/judged"
err_has "240 of 240 runs were made before the scenario expected what it does now"
try 3 sweep "$directory/expect.ini" --out "$directory/failing"
err_has "expect: lost voice < 0: does not hold"
err_has "failed in 240 of 240 runs, first at point 0, replication 0"
try 3 sweep "$directory/expect.ini" --out "$directory/failing"
grep -q '^0 runs .*, 240 were there' "$directory/out" || fail "all was run again"

# -- killed --
echo "$$ $(date +%s%N) $kills kills" >"$directory/seed"
for ((i = 0; i < kills; i++)); do
    "$program" sweep "$study" --out "$directory/killed" -j 2 >/dev/null 2>&1 &
    pid=$!
    sleep "0.0$((RANDOM % 60 + 10))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    # Two in three times it goes on from there; else it starts again.
    if [ $((i % 3)) -eq 2 ]; then
        try 0 sweep "$study" --out "$directory/killed" -j 2
        same "$directory/once" "$directory/killed"
        rm -rf "$directory/killed"
    fi
done
try 0 sweep "$study" --out "$directory/killed" -j 2
same "$directory/once" "$directory/killed"

# -- interrupted politely --
cat >"$directory/long.ini" <<END
[scenario]
extends = $study
replications = 100000
END
"$program" sweep "$directory/long.ini" --out "$directory/polite" >"$directory/out" 2>"$directory/err" &
pid=$!
sleep 0.4
kill -TERM "$pid"
wait "$pid"
[ $? -eq 130 ] || fail "SIGTERM: exit status is not 130"
grep -q ' runs in ' "$directory/out" || fail "nothing said of what was finished"
[ -e "$directory/polite/results.sqlite-wal" ] && fail "the journal is left behind"
"$program" query "$directory/polite" 'SELECT count(*) FROM runs' >/dev/null || fail "the database cannot be read"

# -- two at once --
"$program" sweep "$directory/long.ini" --out "$directory/busy" >/dev/null 2>&1 &
pid=$!
sleep 0.4
try 1 sweep "$directory/long.ini" --out "$directory/busy"
err_has "another process is writing"
kill -9 "$pid" 2>/dev/null
wait "$pid" 2>/dev/null

# -- a full disk --
mkdir "$directory/small"
if mount -t tmpfs -o size=600k none "$directory/small" 2>/dev/null; then
    mounted=yes
    try 1 sweep "$study" --out "$directory/small/s"
    err_has "full"
    mkdir "$directory/large"
    cp -r "$directory/small/s" "$directory/large/" || fail "nothing there"
    umount "$directory/small" && mounted=
    try 0 sweep "$study" --out "$directory/large/s"
    grep -Eq ', [1-9][0-9]* were there' "$directory/out" || fail "all was run again: $(cat "$directory/out")"
    same "$directory/once" "$directory/large/s"
else
    echo "a full disk: not tried, no file system can be mounted here"
fi

# -- until it is precise --
try 0 sweep "$study" --out "$directory/few" --until outage=1% --at-most 2
"$program" query "$directory/few" --csv 'SELECT max(replication) FROM runs' | grep -qx 1 || fail "more than --at-most 2"
try 0 sweep "$study" --out "$directory/never" --until first_optimized_uplink=1% --at-most 2
grep -q 'have no first_optimized_uplink in any replication' "$directory/out" || fail "a measure that never happens"
try 0 sweep "$study" --out "$directory/precise" --until outage=1% --at-most 40
"$program" query --csv "$directory/precise" 'SELECT count(DISTINCT n) > 1 FROM (SELECT count(*) AS n FROM runs GROUP BY point)' |
    tail -1 | grep -q 1 || fail "every point has as many replications as every other"
"$program" query --csv "$directory/precise" 'SELECT max(n) <= 40 AND min(n) >= 6 FROM (SELECT count(*) AS n FROM runs GROUP BY point)' |
    tail -1 | grep -q 1 || fail "more than --at-most, or fewer than the scenario's"

# -- bad input --
try 2 sweep "$study" --out "$directory/once" --seed 5
err_has "of another seed"
try 2 sweep "$study" --out "$directory/once" --set 'scenario / duration = 13s'
err_has "said something else"
try 2 sweep "$study" --out "$directory/once" --set 'peers mn cn / authorization = static-key'
err_has "of another sweep"
cp -r "$directory/once" "$directory/forced"
try 0 sweep "$study" --out "$directory/forced" --set 'scenario / duration = 13s' --force
echo "not a database" >"$directory/text"
mkdir "$directory/foreign" "$directory/newer"
cp "$directory/text" "$directory/foreign/results.sqlite"
for command in "sweep $study --out $directory/foreign" "export $directory/foreign"; do
    # shellcheck disable=SC2086
    try 2 $command
    err_has "not a database"
done
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" - "$directory/newer/results.sqlite" "$directory/once/results.sqlite" "$directory/alien.sqlite" <<'END'
import shutil, sqlite3, sys
shutil.copy(sys.argv[2], sys.argv[1])
newer = sqlite3.connect(sys.argv[1])
newer.execute("PRAGMA user_version = 99")
newer.commit()
alien = sqlite3.connect(sys.argv[3])
alien.execute("CREATE TABLE t(x)")
alien.commit()
END
    try 2 query "$directory/newer" 'SELECT 1'
    err_has "newer mip6sim"
    try 2 query "$directory/alien.sqlite" 'SELECT 1'
    err_has "not one of mip6sim's"
    try 2 sweep "$study" --out "$directory/newer"
fi
try 2 export "$directory/no-such"
try 2 query "$directory/run" 'SELECT 1'
err_has "no results.sqlite there"
try 2 query "$directory/once" 'SELECT x FROM nowhere'
err_has "no such table"
try 2 query "$directory/once" 'DELETE FROM runs'
err_has "only questions are answered"
try 2 query "$directory/once" 'SELECT 1; SELECT 2'
try 2 query "$directory/once"
try 2 export --json nothing "$directory/once"
err_has "there is no table 'nothing'"
try 2 merge "$directory/merged"
try 2 merge "$directory/merged" "$directory/no-such"
try 0 sweep "$study" --out "$directory/other" --seed 9
try 2 merge "$directory/merged" "$directory/part-1" "$directory/other"
err_has "of another seed"
try 2 merge "$directory/merged" "$directory/merged/."
err_has "cannot be put into itself"
same "$directory/once" "$directory/merged"
rm -rf "$directory/attached"
try 0 sweep "$study" --out "$directory/attached" -j2
try 2 sweep
try 2 sweep "$directory/missing.ini"
try 2 sweep "$study" --shard 3/2
try 2 sweep "$study" --until outrage=1%
err_has "did you mean 'outage'"
try 2 sweep "$study" --until outage
[ "$failures" -eq 0 ] && echo "sweeps survive, and say what is wrong"
exit $((failures > 0))
