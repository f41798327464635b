# The compiler's warnings and the switches that change what it makes.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each flag is tried before it is used. The results are substituted as variables of their own, which Makefile.am puts into
# AM_CFLAGS, so that CFLAGS stays the user's.

# MIP6_TRY_FLAG(FLAG, IF-TAKEN, [IF-REFUSED], [ALSO-LINK]): does the compiler take FLAG without a word?
AC_DEFUN([MIP6_TRY_FLAG], [
    AC_MSG_CHECKING([whether $CC takes $1])
    mip6_saved_cflags=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    m4_default([$4], [AC_COMPILE_IFELSE])([AC_LANG_PROGRAM([], [])], [mip6_takes=yes], [mip6_takes=no])
    CFLAGS=$mip6_saved_cflags
    AC_MSG_RESULT([$mip6_takes])
    AS_IF([test "x$mip6_takes" = xyes], [$2], [$3])
])

# MIP6_COMPILER_WARNINGS: WARNING_CFLAGS.
AC_DEFUN([MIP6_COMPILER_WARNINGS], [
    WARNING_CFLAGS=
    m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
        -Wold-style-definition -Wmissing-declarations -Wpointer-arith -Wwrite-strings -Wvla -Wundef
        -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough],
        [MIP6_TRY_FLAG(flag, [WARNING_CFLAGS="${WARNING_CFLAGS:+$WARNING_CFLAGS }flag"])])
    AC_SUBST([WARNING_CFLAGS])
    LANGUAGE_CFLAGS=
    MIP6_TRY_FLAG([-std=gnu11], [LANGUAGE_CFLAGS=-std=gnu11],
        [AC_MSG_ERROR([$CC does not compile C11; the Debian package gcc brings a compiler that does])])
    dnl Fused multiply-add would round distributions differently from machine to machine.
    MIP6_TRY_FLAG([-ffp-contract=off], [LANGUAGE_CFLAGS="$LANGUAGE_CFLAGS -ffp-contract=off"])
    AC_SUBST([LANGUAGE_CFLAGS])
])

# MIP6_ENABLE_WERROR: on in a checkout, where a warning is ours to mend; off in a tarball, where a later compiler's new
# warning must not stop a user.
AC_DEFUN([MIP6_ENABLE_WERROR], [
    AC_ARG_ENABLE([werror],
        [AS_HELP_STRING([--enable-werror], [warnings are errors (default: in a git checkout)])],
        [],
        [AS_IF([test -e "$srcdir/.git"], [enable_werror=yes], [enable_werror=no])])
    AS_IF([test "x$enable_werror" = xyes], [WERROR_CFLAGS=-Werror], [WERROR_CFLAGS=])
    AC_SUBST([WERROR_CFLAGS])
])

# MIP6_ENABLE_SANITIZERS: AddressSanitizer and UndefinedBehaviorSanitizer, where the first finding ends the program.
AC_DEFUN([MIP6_ENABLE_SANITIZERS], [
    AC_ARG_ENABLE([sanitizers],
        [AS_HELP_STRING([--enable-sanitizers], [build with the address and undefined behaviour sanitizers])],
        [], [enable_sanitizers=no])
    SANITIZER_CFLAGS=
    AS_IF([test "x$enable_sanitizers" != xno], [
        enable_sanitizers=yes
        mip6_flags="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
        MIP6_TRY_FLAG([$mip6_flags], [SANITIZER_CFLAGS=$mip6_flags],
            [AC_MSG_ERROR([$CC cannot build with the sanitizers; with gcc they are in the Debian package libgcc-12-dev])],
            [AC_LINK_IFELSE])
    ])
    AC_SUBST([SANITIZER_CFLAGS])
])

# MIP6_ENABLE_COVERAGE: counters for gcov, and `make coverage`.
AC_DEFUN([MIP6_ENABLE_COVERAGE], [
    AC_ARG_ENABLE([coverage],
        [AS_HELP_STRING([--enable-coverage], [count what the tests run; `make coverage' reports it])],
        [], [enable_coverage=no])
    COVERAGE_CFLAGS=
    AC_PATH_PROG([LCOV], [lcov])
    AC_PATH_PROG([GENHTML], [genhtml])
    AS_IF([test "x$enable_coverage" != xno], [
        enable_coverage=yes
        MIP6_TRY_FLAG([--coverage -fprofile-update=atomic], [COVERAGE_CFLAGS="--coverage -fprofile-update=atomic"],
            [AC_MSG_ERROR([$CC cannot count coverage])], [AC_LINK_IFELSE])
        AS_IF([test -z "$LCOV" || test -z "$GENHTML"],
            [AC_MSG_ERROR([--enable-coverage needs lcov and genhtml: apt-get install lcov])])
        dnl As gcov's manual asks: optimized, an inline function counts once for each call, and a condition that
        dnl was folded not at all. CFLAGS that the user gives hold. Without optimization the compiler warns of
        dnl other things than the build that is checked; they need not stop this one.
        AS_IF([test "x$ac_test_CFLAGS" = x], [CFLAGS="-g -O0" WERROR_CFLAGS=])
    ])
    AC_SUBST([COVERAGE_CFLAGS])
    AM_CONDITIONAL([ENABLE_COVERAGE], [test "x$enable_coverage" = xyes])
])

# MIP6_ENABLE_FUZZER: the fuzz programs of tests/fuzz get libFuzzer's main instead of our own that replays a corpus.
AC_DEFUN([MIP6_ENABLE_FUZZER], [
    AC_ARG_ENABLE([fuzzer],
        [AS_HELP_STRING([--enable-fuzzer], [build the fuzz programs with libFuzzer (needs CC=clang)])],
        [], [enable_fuzzer=no])
    FUZZER_CFLAGS=
    FUZZER_LDFLAGS=
    AS_IF([test "x$enable_fuzzer" != xno], [
        enable_fuzzer=yes
        MIP6_TRY_FLAG([-fsanitize=fuzzer-no-link,address],
            [FUZZER_CFLAGS="-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer"
             FUZZER_LDFLAGS="-fsanitize=fuzzer,address"],
            [AC_MSG_ERROR([$CC has no libFuzzer; apt-get install clang, then ./configure --enable-fuzzer CC=clang])],
            [AC_LINK_IFELSE])
    ])
    AC_SUBST([FUZZER_CFLAGS])
    AC_SUBST([FUZZER_LDFLAGS])
    AM_CONDITIONAL([ENABLE_FUZZER], [test "x$enable_fuzzer" = xyes])
])

# MIP6_ENABLE_LTO_TOOLS: before AM_PROG_AR. Archives of link-time optimized objects need the compiler's own ar.
AC_DEFUN([MIP6_ENABLE_LTO_TOOLS], [
    AC_ARG_ENABLE([lto],
        [AS_HELP_STRING([--enable-lto], [optimize across files when linking])],
        [], [enable_lto=no])
    AS_IF([test "x$enable_lto" != xno], [
        enable_lto=yes
        AC_CHECK_TOOLS([AR], [gcc-ar llvm-ar ar])
        AC_CHECK_TOOLS([RANLIB], [gcc-ranlib llvm-ranlib ranlib])
    ])
])

# MIP6_ENABLE_LTO: fat objects, so that nm and the boundary test still read them.
AC_DEFUN([MIP6_ENABLE_LTO], [
    LTO_CFLAGS=
    AS_IF([test "x$enable_lto" = xyes], [
        MIP6_TRY_FLAG([-flto=auto -ffat-lto-objects], [LTO_CFLAGS="-flto=auto -ffat-lto-objects"],
            [MIP6_TRY_FLAG([-flto], [LTO_CFLAGS=-flto], [AC_MSG_ERROR([$CC does not know -flto])], [AC_LINK_IFELSE])],
            [AC_LINK_IFELSE])
    ])
    AC_SUBST([LTO_CFLAGS])
])

# MIP6_INSTRUMENTED: tests that look into the objects, or run them under another tool, ask this first.
AC_DEFUN([MIP6_INSTRUMENTED], [
    AS_IF([test "x$enable_sanitizers$enable_coverage$enable_fuzzer" = xnonono],
        [INSTRUMENTED=no], [INSTRUMENTED=yes])
    AC_SUBST([INSTRUMENTED])
    AM_CONDITIONAL([IS_INSTRUMENTED], [test "x$INSTRUMENTED" = xyes])
])
