/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cursor.c - the cursor reads and writes in network order, and never outside its octets.
 */
#include <check.h>

#include "models/base/cursor.h"
#include "tests/unit/ipv6_fixture.h"

START_TEST(writes_then_reads)
{
    uint8_t octets[32];
    memset(octets, 0xee, sizeof(octets));
    struct cursor c = cursor_over(octets, 20);
    cursor_put8(&c, 1);
    cursor_put16(&c, 0x0203);
    cursor_put32(&c, 0x04050607);
    cursor_put64(&c, UINT64_C(0x08090a0b0c0d0e0f));
    cursor_put(&c, "ab", 2);
    cursor_zero(&c, 3);
    ck_assert(!c.failed);
    ck_assert_uint_eq(cursor_left(&c), 0);
    ck_assert_mem_eq(octets, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17ab\0\0\0\xee", 21);

    uint8_t two[2];
    c = cursor_over(octets, 20);
    ck_assert_uint_eq(cursor_get8(&c), 1);
    ck_assert_uint_eq(cursor_get16(&c), 0x0203);
    ck_assert_uint_eq(cursor_get32(&c), 0x04050607);
    ck_assert_uint_eq(cursor_get64(&c), UINT64_C(0x08090a0b0c0d0e0f));
    ck_assert_uint_eq(cursor_offset(&c), 15);
    cursor_get(&c, two, 2);
    ck_assert_mem_eq(two, "ab", 2);
    cursor_skip(&c, 3);
    ck_assert(!c.failed);
}
END_TEST

START_TEST(error_is_sticky)
{
    uint8_t octets[4] = {1, 2, 3, 4}, out[4];
    struct cursor c = cursor_over(octets, 3);
    ck_assert_uint_eq(cursor_get32(&c), 0);
    ck_assert(c.failed);
    ck_assert_uint_eq(cursor_left(&c), 0);
    ck_assert_uint_eq(cursor_get8(&c), 0); /* it would be there, but the error stays */
    memset(out, 9, sizeof(out));
    cursor_get(&c, out, 4);
    ck_assert_mem_eq(out, "\0\0\0\0", 4);
    cursor_put8(&c, 9);
    cursor_zero(&c, 1);
    ck_assert_mem_eq(octets, "\1\2\3\4", 4);
}
END_TEST

/* Out of the compiler's sight, which would else warn of what the cursor refuses to do. */
static uint8_t *volatile hidden;

START_TEST(nothing_is_written_past_the_end)
{
    uint8_t buffer[6];
    hidden = buffer;
    uint8_t *octets = hidden;
    for (size_t room = 0; room < sizeof(buffer); room++) {
        memset(octets, 0xee, sizeof(buffer));
        struct cursor c = cursor_over(octets, room);
        cursor_put64(&c, 0);
        ck_assert(c.failed);
        ck_assert_uint_eq(octets[room], 0xee);
        c = cursor_over(octets, room);
        ck_assert_ptr_null(cursor_take(&c, room + 1));
        ck_assert(c.failed);
        c = cursor_over(octets, room);
        ck_assert_ptr_eq(cursor_take(&c, room), octets);
        ck_assert(!c.failed);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cursor");
    TCase *tests = tcase_create("cursor");
    tcase_add_test(tests, writes_then_reads);
    tcase_add_test(tests, error_is_sticky);
    tcase_add_test(tests, nothing_is_written_past_the_end);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
