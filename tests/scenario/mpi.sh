#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A sweep over several processes under MPI: the database is the one that a single process makes, also when all are killed in the
# middle and start again, and when the replications are added until it is precise.
# MIP6SIM_MPI_KILLS: how often they are killed (6).
set -u
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

kills=${MIP6SIM_MPI_KILLS:-6}
if ! command -v mpirun >/dev/null; then
    skip "no mpirun: apt-get install openmpi-bin"
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_base_warn_component_unused=0 OMPI_MCA_btl=self,vader,tcp

if ! timeout 60 mpirun -n 2 true >"$work/stdout" 2>&1; then
    skip "mpirun does not run here: $(head -3 "$work/stdout" | tr '\n' ' ')"
fi
cat >"$work/study.ini" <<END
[scenario]
extends = $scenarios/rr-vs-kbm.ini
replications = 5
END
study=$work/study.ini

over()
{
    timeout 120 mpirun -n "$1" "$program" sweep "$study" "${@:2}" >"$work/stdout" 2>"$work/stderr"
}

over 2 --out "$work/two" || fail "two processes: exit status $?"
if grep -q 'configured without MPI' "$work/stderr"; then
    skip "configured without MPI"
fi

if command -v ldd >/dev/null && ldd "$program" | grep -q libmpi; then
    fail "MPI's libraries are loaded without need"
fi

dump()
{
    local table
    for table in handovers flows messages runs discards parameters meta; do
        "$program" query --csv "$1" "SELECT * FROM $table ORDER BY 1, 2"
    done
}

# as_one DATABASE: it is what one process makes.
as_one()
{
    dump "$work/one" >"$work/a"
    dump "$1" >"$work/b"
    [ "$(wc -l <"$work/a")" -gt 200 ] || fail "no rows to compare"
    same "$work/a" "$work/b" "what one process makes, and $1"
}

"$program" sweep "$study" --out "$work/one" >/dev/null || fail "one process"
as_one "$work/two"
over 4 --out "$work/four" || fail "four processes"
as_one "$work/four"
over 4 --out "$work/four" || fail "nothing to do"
out_like '^0 runs'

# -- killed --
for ((i = 0; i < kills; i++)); do
    mpirun -n 3 "$program" sweep "$study" --out "$work/killed" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 40 + 30))"
    pkill -9 -P "$pid" 2>/dev/null
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
done
for ((i = 0; i < 50; i++)); do # orphans let go of the database
    over 3 --out "$work/killed" && break
    sleep 0.2
done
as_one "$work/killed"

# -- until it is precise; and what is wrong is told once --
over 3 --out "$work/precise" --until outage=1% --at-most 20 || fail "--until"
"$program" sweep "$study" --out "$work/precise-alone" --until outage=1% --at-most 20 >/dev/null || fail "--until, alone"
for where in precise precise-alone; do
    dump "$work/$where" >"$work/$where.csv"
done
same "$work/precise.csv" "$work/precise-alone.csv" "--until over processes"
timeout 60 mpirun -n 3 "$program" sweep "$work/missing.ini" >"$work/stdout" 2>"$work/stderr"
[ $? -eq 2 ] || fail "bad input: exit status is not 2"
[ "$(grep -c 'missing.ini: cannot be read' "$work/stderr")" -eq 1 ] || fail "bad input is not told once"
finish "many processes make what one makes"
