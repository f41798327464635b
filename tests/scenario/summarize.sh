#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mip6sim summarize: every statistic against an independent implementation (statistics_of.py), a database and the CSV files of the
# same results alike, and what is wrong with what is asked for.
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

# refused TEXT ARGUMENT...: exit status 2, nothing on standard output, and the reason.
refused()
{
    local reason=$1
    shift
    try 2 summarize "$@"
    [ -s "$work/stdout" ] && fail "mip6sim summarize $*: prints something all the same"
    err_has "$reason"
}

# -- against Python --
if [ -n "${PYTHON3:-}" ]; then
    for seed in 1 2; do
        mkdir "$work/random-$seed"
        "$PYTHON3" "$srcdir/tests/scenario/statistics_of.py" write "$work/random-$seed" $seed || fail "no rows"
        "$PYTHON3" "$srcdir/tests/scenario/statistics_of.py" check "$work/random-$seed" "$program" ||
            fail "statistics_of.py, seed $seed"
    done
else
    echo "the independent implementation: not tried, there is no python3"
fi

# -- run's files and a sweep's database --
cat >"$work/study.ini" <<END
[scenario]
extends = $scenarios/rr-vs-kbm.ini
replications = 4
[output]
packets = all
END
try 0 sweep "$work/study.ini" --out "$work/sweep"
try 0 run "$work/study.ini" --out "$work/run"
measures=outage,link_down,flows.delay_mean,flows.lost,handovers.mobile_octets
try 0 summarize "$work/sweep" --csv --measure $measures
cp "$work/stdout" "$work/expected"
[ "$(wc -l <"$work/stdout")" -eq 201 ] || fail "not 40 points of 5 measures"
try 0 summarize "$work/run" --csv --measure $measures
same "$work/expected" "$work/stdout" "a database and CSV files of the same results"
try 0 summarize "$work/sweep/results.sqlite" --csv --measure $measures
same "$work/expected" "$work/stdout" "a database, and the same named itself"
try 0 export "$work/sweep"
try 0 summarize "$work/sweep" --csv --measure $measures
same "$work/expected" "$work/stdout" "results, and the same exported"
# Where there are both, what was written last.
try 0 run "$work/study.ini" --seed 77 --out "$work/sweep"
try 0 summarize "$work/sweep" --csv --measure $measures
cmp -s "$work/expected" "$work/stdout" && fail "a run into a sweep's directory is not seen"

try 0 summarize "$work/run"
for measure in binding_latency outage packets_lost mobile_messages; do
    out_like "^handovers\.$measure"
done
out_like "^Against return-routability, pair by pair"
[ -s "$work/stderr" ] && fail "warnings: $(cat "$work/stderr")"
try 0 summarize "$work/run" --measure outage --by "point-to-point ha-access / delay" --csv
[ "$(wc -l <"$work/stdout")" -eq 6 ] || fail "--by one axis: not five groups"
refused "several axes have this key" "$work/run" --by delay
try 0 summarize "$work/run" --measure outage --by authorization --compare authorization --csv
out_like '^handovers,outage,s,static-key,authorization,return-routability,4,0,'

# What doc/result-store.md says of the database: its tables and columns are there, and its questions have answers.
awk '/^```sql$/ { file = sprintf("%s/question-%d", directory, ++count); next } /^```$/ { file = ""; next }
    file { print > file }' directory="$work" "$srcdir/doc/result-store.md"
[ -e "$work/question-7" ] || fail "the questions of doc/result-store.md are not found"
for question in "$work"/question-*; do
    try 0 query "$work/sweep" "$(cat "$question")"
    case $(cat "$question") in
    *failed*) ;;
    *) [ "$(wc -l <"$work/stdout")" -gt 2 ] || fail "no answer to: $(cat "$question")" ;;
    esac
done
try 0 query --csv "$work/sweep" "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type IN ('table', 'view')"
for table in $(tail -1 "$work/stdout"); do
    grep -q "^| \`$table\`" "$srcdir/doc/result-store.md" || fail "doc/result-store.md does not tell of $table"
done

# A replication that only one of the methods has.
mkdir "$work/part"
grep -v '^0,2,' "$work/run/handovers.csv" >"$work/part/handovers.csv"
try 0 summarize "$work/part" --measure outage --compare "peers mn cn / authorization" --csv
err_has "1 observation without a partner"
out_like ',return-routability,3,1,'
# Over all points that replication is a mean of others.
try 0 summarize "$work/part" --measure outage --by authorization --csv
err_has "in 1 group some replications lack points"
# The comparison takes what both have: the same as without that replication's other rows of the point.
try 0 summarize "$work/part" --measure outage --by authorization --compare authorization --csv
err_has "1 row that the other side has nothing like"
cp "$work/stdout" "$work/expected"
point=$(awk -F, '/static-key/ { print $1; exit }' "$work/run/handovers.csv")
mkdir "$work/both"
grep -v "^$point,2," "$work/part/handovers.csv" >"$work/both/handovers.csv"
try 0 summarize "$work/both" --measure outage --by authorization --compare authorization --csv
same "$work/expected" "$work/stdout" "a comparison of what both methods have, and one that had to leave out the rest"
# A point that only one has.
grep -v '^0,' "$work/run/handovers.csv" >"$work/part/handovers.csv"
try 0 summarize "$work/part" --measure outage
err_has "1 group with nothing to be compared with"

# A sweep that goes on.
"$program" sweep "$work/study.ini" --out "$work/busy" --set 'scenario / replications = 100000' >/dev/null 2>&1 &
pid=$!
for ((i = 0; i < 100; i++)); do
    [ -s "$work/busy/results.sqlite-wal" ] && break
    sleep 0.1
done
try 1 summarize "$work/busy"
err_has "another process is writing"
kill -9 "$pid"
wait "$pid" 2>/dev/null

# One replication: each handover is an observation.
try 0 run "$scenarios/ten-handovers.ini" --run 0 --out "$work/ten"
try 0 summarize "$work/ten" --measure link_handover --csv --by node
out_like '^handovers,link_handover,s,mn,(9|10),'
try 0 summarize "$work/ten" --measure link_handover --csv --by node --warm-up 40s
out_like '^handovers,link_handover,s,mn,[1-8],'

# -- bad input --
refused "which directory" --csv
refused "one directory at a time" "$work/run" "$work/sweep"
refused "no such directory" "$work/nowhere"
mkdir "$work/empty"
refused "no results in here" "$work/empty"
refused "not a directory" "$work/study.ini"
head -1 "$work/run/handovers.csv" >"$work/empty/handovers.csv"
refused "no data" "$work/empty"
echo "a,b" >"$work/empty/handovers.csv"
refused "not a table of results" "$work/empty"
printf 'point,replication,node,outage\n0,0,mn,fast\n' >"$work/empty/handovers.csv"
refused "handovers.csv:2: outage: 'fast' is not a number" "$work/empty" --measure outage
refused "there is no column 'binding_latency'" "$work/empty"
mkdir "$work/foreign"
echo "not a database" >"$work/foreign/results.sqlite"
refused "not a database" "$work/foreign"
if [ -n "${PYTHON3:-}" ]; then
    mkdir "$work/newer" "$work/alien"
    "$PYTHON3" - "$work" <<'END'
import shutil, sqlite3, sys
shutil.copy(sys.argv[1] + "/sweep/results.sqlite", sys.argv[1] + "/newer/results.sqlite")
newer = sqlite3.connect(sys.argv[1] + "/newer/results.sqlite")
newer.execute("PRAGMA user_version = 99")
newer.commit()
alien = sqlite3.connect(sys.argv[1] + "/alien/results.sqlite")
alien.execute("CREATE TABLE t(x)")
alien.commit()
END
    refused "newer mip6sim" "$work/newer"
    refused "not one of mip6sim's" "$work/alien"
fi
refused "did you mean 'outage'" "$work/run" --measure outrage
refused "did you mean 'delay_mean'" "$work/run" --measure flows.delay_meen
refused "measures are of handovers, flows, attacks or packets" "$work/run" --measure flaws.delay_mean
refused "is text" "$work/run" --measure node
refused "it has handover, link_down" "$work/run" --measure zebra
refused "the scenario has nothing for it" "$work/run" --measure attacks.sent_messages
refused "did you mean 'authorization'" "$work/run" --by authorisation
refused "is the same in all rows" "$work/run" --compare node
refused "did you mean" "$work/run" --compare 'peers mn cn / authorisation'
for level in 0% 100% 101% many ""; do
    refused "--confidence" "$work/run" --confidence "$level"
done
for count in 0 99 -5 1.5 many; do
    refused "--bootstrap" "$work/run" --bootstrap "$count"
done
refused "--bca goes with --bootstrap" "$work/run" --bca
refused "--warm-up" "$work/run" --warm-up soon
refused "no handover begins at 1h or later" "$work/run" --warm-up 1h
refused "[scenario] warm-up" "$work/run" --warm-up 1s --measure flows.lost
refused "either --csv or --json" "$work/run" --csv --json
refused "--cdf" "$work/run" --cdf outage --json
refused "--cdf" "$work/run" --cdf outage --measure outage
refused "did you mean 'outage'" "$work/run" --cdf outrage
refused "Unknown option" "$work/run" --confidance 95%
finish "statistics are right, and what is wrong is told"
