# What is missing, told all at once and with the Debian package that brings it.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A required thing that is not there is noted in mip6_missing, and MIP6_REQUIRE_END stops with the whole list, so that a
# person installs once and not six times. An optional one is noted in mip6_wanted and told in the summary. None of these
# macros needs a working compiler, since the compiler itself may be what is missing.

# MIP6_NOTE(VARIABLE, WHAT, PACKAGES): one more line, and one more package, in the list called VARIABLE.
AC_DEFUN([MIP6_NOTE], [
    $1_lines="${$1_lines}
    $2"
    for package in $3; do
        case " ${$1_packages} " in
        *" $package "*) ;;
        *) $1_packages="${$1_packages:+${$1_packages} }$package" ;;
        esac
    done
])

# MIP6_REQUIRE_PROGRAM(WHAT, CANDIDATES, PACKAGES): one of the commands CANDIDATES exists.
AC_DEFUN([MIP6_REQUIRE_PROGRAM], [
    AC_MSG_CHECKING([for $1])
    mip6_found=no
    for candidate in $2; do
        # A candidate from the user's environment may bring options with it ("ccache gcc", "gcc -m32").
        set dummy $candidate
        AS_IF([command -v "$[2]" >/dev/null 2>&1], [mip6_found=$candidate; break])
    done
    AC_MSG_RESULT([$mip6_found])
    AS_IF([test "x$mip6_found" = xno], [MIP6_NOTE([mip6_missing], [$1], [$3])])
])

# MIP6_REQUIRE_PKG_CONFIG: where it is missing no module can be looked for, and each is told as missing.
AC_DEFUN([MIP6_REQUIRE_PKG_CONFIG], [
    PKG_PROG_PKG_CONFIG([0.29])
    AS_IF([test -z "$PKG_CONFIG"], [MIP6_NOTE([mip6_missing], [pkg-config (so the libraries below could not be looked for)],
        [pkg-config])])
])

# MIP6_REQUIRE_MODULE(MODULE, VERSION, PACKAGE): pkg-config knows MODULE in at least VERSION.
AC_DEFUN([MIP6_REQUIRE_MODULE], [
    AC_MSG_CHECKING([for $1 >= $2])
    AS_IF([test -n "$PKG_CONFIG" && $PKG_CONFIG --exists "$1 >= $2"],
        [AC_MSG_RESULT([yes])],
        [AC_MSG_RESULT([no])
         MIP6_NOTE([mip6_missing], [$1, version $2 or later], [$3])])
])

# MIP6_REQUIRE_END: stop here when something is missing.
AC_DEFUN([MIP6_REQUIRE_END], [
    AS_IF([test -n "$mip6_missing_lines"], [
        mip6_also=
        AS_IF([test -n "$mip6_wanted_lines"], [mip6_also="

The build can do without these, the tests or the figures cannot:$mip6_wanted_lines"
            for package in $mip6_wanted_packages; do
                case " $mip6_missing_packages " in
                *" $package "*) ;;
                *) mip6_missing_packages="$mip6_missing_packages $package" ;;
                esac
            done])
        AC_MSG_ERROR([missing:$mip6_missing_lines$mip6_also

On Debian and its relatives this installs what is missing:

    apt-get install $mip6_missing_packages

(or run ./quickstart, which does that and the rest)])
    ])
])

# MIP6_OPTIONAL_PROGRAM(VARIABLE, COMMAND, PACKAGE, PURPOSE): VARIABLE is the command's path, or empty.
AC_DEFUN([MIP6_OPTIONAL_PROGRAM], [
    AC_ARG_VAR([$1], [path of $2, for $4])
    AC_PATH_PROG([$1], [$2])
    AS_IF([test -z "$[]$1"], [MIP6_NOTE([mip6_wanted], [$2: $4], [$3])])
])

# MIP6_OPTIONAL_MODULE(VARIABLE, MODULE, VERSION, PACKAGE, PURPOSE): flags, and the conditional HAVE_VARIABLE.
AC_DEFUN([MIP6_OPTIONAL_MODULE], [
    PKG_CHECK_MODULES([$1], [$2 >= $3], [mip6_have_$2=yes],
        [mip6_have_$2=no
         MIP6_NOTE([mip6_wanted], [$2: $5], [$4])])
    AM_CONDITIONAL([HAVE_$1], [test "x$mip6_have_$2" = xyes])
])

# MIP6_OPTIONAL_PYTHON_SCAPY: the first python3 that can import scapy. The one that is first on the path need not be
# the one that Debian's python3-scapy belongs to.
AC_DEFUN([MIP6_OPTIONAL_PYTHON_SCAPY], [
    AC_ARG_VAR([PYTHON3], [a python3, for the tests])
    AC_PATH_PROGS([PYTHON3], [python3])
    AC_ARG_VAR([PYTHON3_SCAPY], [a python3 that can import scapy, for judging the messages])
    AC_CACHE_CHECK([for a python3 that can import scapy], [mip6_cv_python3_scapy], [
        mip6_cv_python3_scapy=no
        for candidate in $PYTHON3_SCAPY $PYTHON3 /usr/bin/python3; do
            AS_IF(["$candidate" -c 'import scapy, cryptography' >/dev/null 2>&1],
                [mip6_cv_python3_scapy=$candidate; break])
        done
    ])
    AS_IF([test "x$mip6_cv_python3_scapy" = xno],
        [PYTHON3_SCAPY=
         MIP6_NOTE([mip6_wanted], [scapy: judging the messages], [python3-scapy python3-cryptography])],
        [PYTHON3_SCAPY=$mip6_cv_python3_scapy])
    AS_IF([test -z "$PYTHON3"], [MIP6_NOTE([mip6_wanted], [python3: several tests], [python3])])
])

# MIP6_SUMMARY: what will be built, how, and what would make it more.
AC_DEFUN([MIP6_SUMMARY], [
    AS_ECHO(["
mip6sim $PACKAGE_VERSION

    source                  $srcdir
    installed into          $prefix
    compiler                $CC $CFLAGS
    warnings are errors     $enable_werror
    sanitizers              $enable_sanitizers
    coverage                $enable_coverage
    libFuzzer               $enable_fuzzer
    link-time optimization  $enable_lto
    unit tests (libcheck)   $mip6_have_check
    gnuplot                 ${GNUPLOT:-no}
    tshark                  ${TSHARK:-no}
    python3 with scapy      ${PYTHON3_SCAPY:-no}
    valgrind                ${VALGRIND:-no}"])
    AS_IF([test -n "$mip6_wanted_lines"], [
        AS_ECHO(["
Not found, not needed to build, but missed by:$mip6_wanted_lines

On Debian and its relatives: apt-get install $mip6_wanted_packages"])
    ])
    AS_ECHO(["
Now: make, make check, make install; make bench measures."])
])

# MIP6_WITH_MPI: sweeps over many processes, by Open MPI. Where it is there it is used, unless told otherwise.
AC_DEFUN([MIP6_WITH_MPI], [
    AC_ARG_WITH([mpi], [AS_HELP_STRING([--with-mpi],
        [sweeps over many processes, by Open MPI (if it is there)])], [], [with_mpi=auto])
    mip6_have_mpi=no
    AS_IF([test "x$with_mpi" != xno],
        [PKG_CHECK_MODULES([MPI], [ompi-c >= 3], [mip6_have_mpi=yes], [mip6_have_mpi=no])])
    AS_IF([test "x$with_mpi" = xyes && test "x$mip6_have_mpi" = xno],
        [MIP6_NOTE([mip6_missing], [ompi-c: Open MPI, asked for by --with-mpi], [libopenmpi-dev])])
    AC_PATH_PROG([MPIRUN], [mpirun])
    AM_CONDITIONAL([HAVE_MPI], [test "x$mip6_have_mpi" = xyes])
])
