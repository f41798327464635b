#!/usr/bin/env bash
# A sweep over several processes under MPI: the database is the one that a single process makes, also when all are killed in the
# middle and start again, and when the replications are added until it is precise.
# MIP6SIM_MPI_KILLS: how often they are killed (6).
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
srcdir=${srcdir:-.} builddir=${builddir:-.}
program=${MIP6SIM:-$builddir/mip6sim}
kills=${MIP6SIM_MPI_KILLS:-6}
if ! command -v mpirun >/dev/null; then
    echo "SKIP: no mpirun: apt-get install openmpi-bin"
    exit 77
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_base_warn_component_unused=0 OMPI_MCA_btl=self,vader,tcp
directory=$(mktemp -d "$builddir/mpi.XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
failures=0

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

if ! timeout 60 mpirun -n 2 true >"$directory/out" 2>&1; then
    echo "SKIP: mpirun does not run here: $(head -3 "$directory/out" | tr '\n' ' ')"
    exit 77
fi
cat >"$directory/study.ini" <<END
[scenario]
extends = $(cd "$srcdir" && pwd)/scenarios/rr-vs-kbm.ini
replications = 5
END
study=$directory/study.ini

over()
{
    timeout 120 mpirun -n "$1" "$program" sweep "$study" "${@:2}" >"$directory/out" 2>"$directory/err"
}

over 2 --out "$directory/two" || { fail "two processes: exit status $?"; cat "$directory/err"; }
if grep -q 'configured without MPI' "$directory/err"; then
    echo "SKIP: configured without MPI"
    exit 77
fi

dump()
{
    local table
    for table in handovers flows messages runs discards parameters meta; do
        "$program" query --csv "$1" "SELECT * FROM $table ORDER BY 1, 2"
    done
}

same()
{
    dump "$directory/one" >"$directory/a"
    dump "$1" >"$directory/b"
    [ "$(wc -l <"$directory/a")" -gt 200 ] || fail "no rows to compare"
    cmp -s "$directory/a" "$directory/b" || fail "$1 is not what one process makes"
}

"$program" sweep "$study" --out "$directory/one" >/dev/null || fail "one process"
same "$directory/two"
over 4 --out "$directory/four" || fail "four processes"
same "$directory/four"
over 4 --out "$directory/four" || fail "nothing to do"
grep -q '^0 runs' "$directory/out" || fail "what is there is made again"

# -- killed --
for ((i = 0; i < kills; i++)); do
    mpirun -n 3 "$program" sweep "$study" --out "$directory/killed" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 40 + 30))"
    pkill -9 -P "$pid" 2>/dev/null
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
for ((i = 0; i < 50; i++)); do # orphans let go of the database
    over 3 --out "$directory/killed" && break
    sleep 0.2
done
same "$directory/killed"

# -- until it is precise; and what is wrong is told once --
over 3 --out "$directory/precise" --until outage=1% --at-most 20 || fail "--until"
"$program" sweep "$study" --out "$directory/precise-alone" --until outage=1% --at-most 20 >/dev/null || fail "--until, alone"
for where in precise precise-alone; do
    dump "$directory/$where" >"$directory/$where.csv"
done
cmp -s "$directory/precise.csv" "$directory/precise-alone.csv" || fail "--until differs over processes"
timeout 60 mpirun -n 3 "$program" sweep "$directory/missing.ini" >"$directory/out" 2>"$directory/err"
[ $? -eq 2 ] || fail "bad input: exit status is not 2"
[ "$(grep -c 'missing.ini: cannot be read' "$directory/err")" -eq 1 ] || fail "bad input is not told once"
[ "$failures" -eq 0 ] && echo "many processes make what one makes"
exit $((failures > 0))
