#!/usr/bin/env bash
# mip6sim summarize: every statistic against an independent implementation (statistics_of.py), a database and the CSV files of the
# same results alike, and what is wrong with what is asked for.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
directory=$(mktemp -d "$builddir/summarize.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
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

# refused TEXT ARGUMENT...: exit status 2, nothing on standard output, and the reason.
refused()
{
    local reason=$1
    shift
    try 2 summarize "$@"
    [ -s "$directory/out" ] && fail "mip6sim summarize $*: prints something all the same"
    grep -qF -- "$reason" "$directory/err" || { fail "summarize $*: nothing like: $reason"; cat "$directory/err"; }
}

out_has()
{
    grep -qE -- "$1" "$directory/out" || { fail "not printed: $1"; cat "$directory/out"; }
}

# -- against Python --
if [ -n "${PYTHON3:-}" ]; then
    for seed in 1 2; do
        mkdir "$directory/random-$seed"
        "$PYTHON3" "$srcdir/tests/scenario/statistics_of.py" write "$directory/random-$seed" $seed || fail "no rows"
        "$PYTHON3" "$srcdir/tests/scenario/statistics_of.py" check "$directory/random-$seed" "$program" ||
            fail "statistics_of.py, seed $seed"
    done
else
    echo "the independent implementation: not tried, there is no python3"
fi

# -- run's files and a sweep's database --
cat >"$directory/study.ini" <<END
[scenario]
extends = $(cd "$srcdir" && pwd)/scenarios/rr-vs-kbm.ini
replications = 4
END
try 0 sweep "$directory/study.ini" --out "$directory/sweep"
try 0 run "$directory/study.ini" --out "$directory/run"
measures=outage,link_down,flows.delay_mean,flows.lost,handovers.mobile_octets
try 0 summarize "$directory/sweep" --csv --measure $measures
cp "$directory/out" "$directory/expected"
[ "$(wc -l <"$directory/out")" -eq 201 ] || fail "not 40 points of 5 measures"
try 0 summarize "$directory/run" --csv --measure $measures
cmp -s "$directory/expected" "$directory/out" || fail "a database and CSV files of the same results differ"
try 0 summarize "$directory/sweep/results.sqlite" --csv --measure $measures
cmp -s "$directory/expected" "$directory/out" || fail "a database named itself is another"
try 0 export "$directory/sweep"
try 0 summarize "$directory/sweep" --csv --measure $measures
cmp -s "$directory/expected" "$directory/out" || fail "exported results are others"
# Where there are both, what was written last.
try 0 run "$directory/study.ini" --seed 77 --out "$directory/sweep"
try 0 summarize "$directory/sweep" --csv --measure $measures
cmp -s "$directory/expected" "$directory/out" && fail "a run into a sweep's directory is not seen"

try 0 summarize "$directory/run"
for measure in binding_latency outage packets_lost mobile_messages; do
    out_has "^handovers\.$measure"
done
out_has "^Against return-routability, pair by pair"
[ -s "$directory/err" ] && fail "warnings: $(cat "$directory/err")"
try 0 summarize "$directory/run" --measure outage --by "point-to-point ha-access / delay" --csv
[ "$(wc -l <"$directory/out")" -eq 6 ] || fail "--by one axis: not five groups"
refused "several axes have this key" "$directory/run" --by delay
try 0 summarize "$directory/run" --measure outage --by authorization --compare authorization --csv
out_has '^handovers,outage,s,static-key,authorization,return-routability,4,0,'

# What doc/result-store.md says of the database: its tables and columns are there, and its questions have answers.
awk '/^```sql$/ { file = sprintf("%s/question-%d", directory, ++count); next } /^```$/ { file = ""; next }
    file { print > file }' directory="$directory" "$srcdir/doc/result-store.md"
[ -e "$directory/question-7" ] || fail "the questions of doc/result-store.md are not found"
for question in "$directory"/question-*; do
    try 0 query "$directory/sweep" "$(cat "$question")"
    case $(cat "$question") in
    *failed*) ;;
    *) [ "$(wc -l <"$directory/out")" -gt 2 ] || fail "no answer to: $(cat "$question")" ;;
    esac
done
try 0 query --csv "$directory/sweep" "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type IN ('table', 'view')"
for table in $(tail -1 "$directory/out"); do
    grep -q "^| \`$table\`" "$srcdir/doc/result-store.md" || fail "doc/result-store.md does not tell of $table"
done

# A replication that only one of the methods has.
mkdir "$directory/part"
grep -v '^0,2,' "$directory/run/handovers.csv" >"$directory/part/handovers.csv"
try 0 summarize "$directory/part" --measure outage --compare "peers mn cn / authorization" --csv
grep -qF "1 observation without a partner" "$directory/err" || fail "a missing pair is not told"
out_has ',return-routability,3,1,'
# Over all points that replication is a mean of others.
try 0 summarize "$directory/part" --measure outage --by authorization --csv
grep -qF "in 1 group some replications lack points" "$directory/err" || fail "replications of different points are not told"
# A point that only one has.
grep -v '^0,' "$directory/run/handovers.csv" >"$directory/part/handovers.csv"
try 0 summarize "$directory/part" --measure outage
grep -qF "1 group with nothing to be compared with" "$directory/err" || fail "a missing point is not told"

# A sweep that goes on.
"$program" sweep "$directory/study.ini" --out "$directory/busy" --set 'scenario / replications = 100000' >/dev/null 2>&1 &
pid=$!
for ((i = 0; i < 100; i++)); do
    [ -s "$directory/busy/results.sqlite-wal" ] && break
    sleep 0.1
done
try 1 summarize "$directory/busy"
grep -qF "another process is writing" "$directory/err" || fail "a sweep that goes on is not told"
kill -9 "$pid"
wait "$pid" 2>/dev/null

# One replication: each handover is an observation.
try 0 run "$srcdir/scenarios/ten-handovers.ini" --run 0 --out "$directory/ten"
try 0 summarize "$directory/ten" --measure link_handover --csv --by node
out_has '^handovers,link_handover,s,mn,(9|10),'
try 0 summarize "$directory/ten" --measure link_handover --csv --by node --warm-up 40s
out_has '^handovers,link_handover,s,mn,[1-8],'

# -- bad input --
refused "which directory" --csv
refused "one directory at a time" "$directory/run" "$directory/sweep"
refused "no such directory" "$directory/nowhere"
mkdir "$directory/empty"
refused "no results in here" "$directory/empty"
refused "not a directory" "$directory/study.ini"
head -1 "$directory/run/handovers.csv" >"$directory/empty/handovers.csv"
refused "no data" "$directory/empty"
echo "a,b" >"$directory/empty/handovers.csv"
refused "not a table of results" "$directory/empty"
printf 'point,replication,node,outage\n0,0,mn,fast\n' >"$directory/empty/handovers.csv"
refused "handovers.csv:2: outage: 'fast' is not a number" "$directory/empty" --measure outage
refused "there is no column 'binding_latency'" "$directory/empty"
mkdir "$directory/foreign"
echo "not a database" >"$directory/foreign/results.sqlite"
refused "not a database" "$directory/foreign"
if [ -n "${PYTHON3:-}" ]; then
    mkdir "$directory/newer" "$directory/alien"
    "$PYTHON3" - "$directory" <<'END'
import shutil, sqlite3, sys
shutil.copy(sys.argv[1] + "/sweep/results.sqlite", sys.argv[1] + "/newer/results.sqlite")
newer = sqlite3.connect(sys.argv[1] + "/newer/results.sqlite")
newer.execute("PRAGMA user_version = 99")
newer.commit()
alien = sqlite3.connect(sys.argv[1] + "/alien/results.sqlite")
alien.execute("CREATE TABLE t(x)")
alien.commit()
END
    refused "newer mip6sim" "$directory/newer"
    refused "not one of mip6sim's" "$directory/alien"
fi
refused "did you mean 'outage'" "$directory/run" --measure outrage
refused "did you mean 'delay_mean'" "$directory/run" --measure flows.delay_meen
refused "measures are of handovers, flows or attacks" "$directory/run" --measure flaws.delay_mean
refused "is text" "$directory/run" --measure node
refused "it has handover, link_down" "$directory/run" --measure zebra
refused "the scenario has nothing for it" "$directory/run" --measure attacks.sent_messages
refused "did you mean 'authorization'" "$directory/run" --by authorisation
refused "is the same in all rows" "$directory/run" --compare node
refused "did you mean" "$directory/run" --compare 'peers mn cn / authorisation'
for level in 0% 100% 101% many ""; do
    refused "--confidence" "$directory/run" --confidence "$level"
done
for count in 0 99 -5 1.5 many; do
    refused "--bootstrap" "$directory/run" --bootstrap "$count"
done
refused "--warm-up" "$directory/run" --warm-up soon
refused "no handover begins at 1h or later" "$directory/run" --warm-up 1h
refused "[scenario] warm-up" "$directory/run" --warm-up 1s --measure flows.lost
refused "either --csv or --json" "$directory/run" --csv --json
refused "--cdf" "$directory/run" --cdf outage --json
refused "--cdf" "$directory/run" --cdf outage --measure outage
refused "did you mean 'outage'" "$directory/run" --cdf outrage
refused "Unknown option" "$directory/run" --confidance 95%
[ "$failures" -eq 0 ] && echo "statistics are right, and what is wrong is told"
exit $((failures > 0))
