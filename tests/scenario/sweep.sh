#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim sweep, export, query and merge. A sweep that is killed at any moment, by kill -9 or a full disk, goes on where it
# stopped, and its database equals one that was made at once, row for row; shards put together are the whole; what export writes
# is what run writes; results do not depend on -j; and what is wrong is told.
# MIP6SIM_SWEEP_KILLS: how often it is killed (25).
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

kills=${MIP6SIM_SWEEP_KILLS:-25}
mounted=
# shellcheck disable=SC2317 # common.sh calls it
cleanup()
{
    [ -z "$mounted" ] || umount "$work/small"
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
    echo "== schema"
    "$program" query --csv "$1" "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
}

# same_rows DATABASE DATABASE
same_rows()
{
    dump "$1" >"$work/a"
    dump "$2" >"$work/b"
    [ "$(wc -l <"$work/a")" -gt 50 ] || fail "$1: no rows to compare"
    same "$work/a" "$work/b" "$1 and $2"
}

cat >"$work/study.ini" <<END
[scenario]
extends = $scenarios/rr-vs-kbm.ini
replications = 6
[expect]
lost voice = >= 0
END
study=$work/study.ini

# -- at once, in shares, and by run: the same --
try 0 sweep "$study" --out "$work/once" -j 1
out_like '^240 runs in '
try 0 sweep "$study" --out "$work/two" -j 2
same_rows "$work/once" "$work/two"
for k in 1 2 3; do
    try 0 sweep "$study" --out "$work/part-$k" --shard $k/3
done
"$program" query --csv "$work/once" "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL" | grep -c _by_ |
    grep -qx 5 || fail "not five indexes"
try 0 merge "$work/merged" "$work/part-1" "$work/part-2" "$work/part-3"
same_rows "$work/once" "$work/merged"
try 0 run "$study" --out "$work/run"
try 0 export "$work/once"
for file in handovers.csv flows.csv messages.csv expectations.csv run.json; do
    same "$work/once/$file" "$work/run/$file" "export and run"
done
try 0 sweep "$study" --out "$work/once"
out_like '^0 runs .*, 240 were there'

# -- without what is excepted --
cat >"$work/except.ini" <<END
[scenario]
extends = $study
replications = 2
[sweep]
except = point-to-point ha-access / delay > point-to-point access-edge / delay & peers mn cn / authorization = static-key
END
try 0 check "$work/except.ini"
out_has ' 30 points, '
try 0 sweep "$work/except.ini" --out "$work/except"
try 0 run "$work/except.ini" --out "$work/except-run"
try 0 export "$work/except"
for file in handovers.csv run.json; do
    same "$work/except/$file" "$work/except-run/$file" "export and run with points left out"
done
"$program" query --csv "$work/except" 'SELECT count(*), max(point) FROM points' | grep -qx 30,29 || fail "points are not numbered one after the other"
# A key that is set is compared with its value.
try 0 check "$work/except.ini" --set 'point-to-point ha-access / delay = 50ms'
out_has ' 6 points, '
try 2 sweep "$work/except.ini" --out "$work/except" --set 'sweep / except = point-to-point ha-access / delay = 7ms'

# -- what is expected: judged, and no part of what the results are of --
expect()
{
    printf '[scenario]\nextends = %s\ntitle = %s\n%s\n' "$study" "$1" "$2" >"$work/expect.ini"
}
try 0 sweep "$study" --out "$work/judged"
out_like '^lost voice >= 0 .* 240 +met$'
expect "Another title" "[verify]
outage = 5ms"
try 0 sweep "$work/expect.ini" --out "$work/judged"
out_like '^0 runs .*, 240 were there' # another title does not make another study
[ "$("$program" query --csv "$work/judged" "SELECT value FROM meta WHERE key = 'title'" | tail -1)" = "Another title" ] ||
    fail "the title is not the new one"
expect "Another title" "[expect]
lost voice = < 0"
try 3 sweep "$work/expect.ini" --out "$work/judged"
err_has "240 of 240 runs were made before the scenario expected what it does now"
try 3 sweep "$work/expect.ini" --out "$work/failing"
err_has "expect: lost voice < 0: does not hold"
err_has "failed in 240 of 240 runs, first at point 0, replication 0"
try 3 sweep "$work/expect.ini" --out "$work/failing"
out_like '^0 runs .*, 240 were there'

# -- killed --
echo "$$ $(date +%s%N) $kills kills" >"$work/seed"
for ((i = 0; i < kills; i++)); do
    "$program" sweep "$study" --out "$work/killed" -j 2 >/dev/null 2>&1 &
    pid=$!
    sleep "0.0$((RANDOM % 60 + 10))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    # Two in three times it goes on from there; else it starts again.
    if [ $((i % 3)) -eq 2 ]; then
        try 0 sweep "$study" --out "$work/killed" -j 2
        same_rows "$work/once" "$work/killed"
        rm -rf "$work/killed"
    fi
done
try 0 sweep "$study" --out "$work/killed" -j 2
same_rows "$work/once" "$work/killed"

# -- interrupted politely --
cat >"$work/long.ini" <<END
[scenario]
extends = $study
replications = 100000
END
"$program" sweep "$work/long.ini" --out "$work/polite" >"$work/stdout" 2>"$work/stderr" &
pid=$!
sleep 0.4
kill -TERM "$pid"
wait "$pid"
[ $? -eq 130 ] || fail "SIGTERM: exit status is not 130"
out_has ' runs in '
[ -e "$work/polite/results.sqlite-wal" ] && fail "the journal is left behind"
"$program" query "$work/polite" 'SELECT count(*) FROM runs' >/dev/null || fail "the database cannot be read"

# -- two at once --
"$program" sweep "$work/long.ini" --out "$work/busy" >/dev/null 2>&1 &
pid=$!
sleep 0.4
try 1 sweep "$work/long.ini" --out "$work/busy"
err_has "another process is writing"
kill -9 "$pid" 2>/dev/null
wait "$pid" 2>/dev/null

# -- a full disk --
mkdir "$work/small"
if mount -t tmpfs -o size=600k none "$work/small" 2>/dev/null; then
    mounted=yes
    try 1 sweep "$study" --out "$work/small/s"
    err_has "full"
    mkdir "$work/large"
    cp -r "$work/small/s" "$work/large/" || fail "nothing there"
    umount "$work/small" && mounted=
    try 0 sweep "$study" --out "$work/large/s"
    out_like ', [1-9][0-9]* were there'
    same_rows "$work/once" "$work/large/s"
else
    echo "a full disk: not tried, no file system can be mounted here"
fi

# -- until it is precise --
try 0 sweep "$study" --out "$work/few" --until outage=1% --at-most 2
"$program" query "$work/few" --csv 'SELECT max(replication) FROM runs' | grep -qx 1 || fail "more than --at-most 2"
try 0 sweep "$study" --out "$work/never" --until first_optimized_uplink=1% --at-most 2
out_has 'have no first_optimized_uplink in any replication'
try 0 sweep "$study" --out "$work/precise" --until outage=1% --at-most 40
"$program" query --csv "$work/precise" 'SELECT count(DISTINCT n) > 1 FROM (SELECT count(*) AS n FROM runs GROUP BY point)' |
    tail -1 | grep -q 1 || fail "every point has as many replications as every other"
"$program" query --csv "$work/precise" 'SELECT max(n) <= 40 AND min(n) >= 6 FROM (SELECT count(*) AS n FROM runs GROUP BY point)' |
    tail -1 | grep -q 1 || fail "more than --at-most, or fewer than the scenario's"

# -- bad input --
try 2 sweep "$study" --out "$work/once" --seed 5
err_has "of another seed"
try 2 sweep "$study" --out "$work/once" --set 'scenario / duration = 13s'
err_has "said something else"
try 2 sweep "$study" --out "$work/once" --set 'peers mn cn / authorization = static-key'
err_has "of another sweep"
cp -r "$work/once" "$work/forced"
try 0 sweep "$study" --out "$work/forced" --set 'scenario / duration = 13s' --force
echo "not a database" >"$work/text"
mkdir "$work/foreign" "$work/newer"
cp "$work/text" "$work/foreign/results.sqlite"
for command in "sweep $study --out $work/foreign" "export $work/foreign"; do
    # shellcheck disable=SC2086
    try 2 $command
    err_has "not a database"
done
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" - "$work/newer/results.sqlite" "$work/once/results.sqlite" "$work/alien.sqlite" <<'END'
import shutil, sqlite3, sys
shutil.copy(sys.argv[2], sys.argv[1])
newer = sqlite3.connect(sys.argv[1])
newer.execute("PRAGMA user_version = 99")
newer.commit()
alien = sqlite3.connect(sys.argv[3])
alien.execute("CREATE TABLE t(x)")
alien.commit()
END
    try 2 query "$work/newer" 'SELECT 1'
    err_has "newer mip6sim"
    try 2 query "$work/alien.sqlite" 'SELECT 1'
    err_has "not one of mip6sim's"
    try 2 sweep "$study" --out "$work/newer"
fi
try 2 export "$work/no-such"
try 2 query "$work/run" 'SELECT 1'
err_has "no results.sqlite there"
try 2 query "$work/once" 'SELECT x FROM nowhere'
err_has "no such table"
try 2 query "$work/once" 'DELETE FROM runs'
err_has "only questions are answered"
try 2 query "$work/once" 'SELECT 1; SELECT 2'
try 2 query "$work/once"
try 2 export --json nothing "$work/once"
err_has "there is no table 'nothing'"
try 2 merge "$work/merged"
try 2 merge "$work/merged" "$work/no-such"
try 0 sweep "$study" --out "$work/other" --seed 9
try 2 merge "$work/merged" "$work/part-1" "$work/other"
err_has "of another seed"
try 2 merge "$work/merged" "$work/merged/."
err_has "cannot be put into itself"
try 2 merge "$work/nothing" "$work/part-1" "$work/other"
[ ! -e "$work/nothing" ] || fail "merge: made its directory all the same"
same_rows "$work/once" "$work/merged"
rm -rf "$work/attached"
try 0 sweep "$study" --out "$work/attached" -j2
try 2 sweep
try 2 sweep "$work/missing.ini"
try 2 sweep "$study" --shard 3/2
try 2 sweep "$study" --until outrage=1%
err_has "did you mean 'outage'"
try 2 sweep "$study" --until outage
# -- started by mpirun, and the program that knows the others is not there: each process says so --
mkdir "$work/no-mpi"
cp "$program" "$work/no-mpi/mip6sim"
for launched in "OMPI_COMM_WORLD_SIZE=2" "PMI_RANK=0 PMI_SIZE=2" "PMIX_RANK=0 SLURM_STEP_NUM_TASKS=2"; do
    # shellcheck disable=SC2086 # several settings
    env $launched "$work/no-mpi/mip6sim" sweep "$study" --out "$work/no-mpi/results" --shard 1/100 >/dev/null 2>"$work/stderr" ||
        fail "$launched: exit status $?"
    err_has 'there is no mip6sim-mpi beside it'
done
env PMI_RANK=0 PMI_SIZE=1 "$work/no-mpi/mip6sim" sweep "$study" --out "$work/no-mpi/results" --shard 1/100 >/dev/null 2>"$work/stderr"
equal "one process is no cluster" "" "$(grep mpi "$work/stderr")"

finish "sweeps survive, and say what is wrong"
