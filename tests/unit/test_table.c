/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aligned columns, as a terminal shows them. */
#include <check.h>
#include <stdlib.h>

#include "sim/format/table.h"
#include "tests/runner.h"

static void assert_table(struct table *table, const char *expected)
{
    GString *text = g_string_new(NULL);

    table_to_text(table, text);
    ck_assert_str_eq(text->str, expected);
    g_string_free(text, TRUE);
    table_free(table);
}

START_TEST(aligns)
{
    struct table *table = table_new();

    table_add_column(table, "node", TABLE_LEFT);
    table_add_column(table, "latency\n(ms)", TABLE_RIGHT);
    table_add_column(table, "note", TABLE_LEFT);
    table_add_cell(table, "mn");
    table_add_cell_printf(table, "%.1f", 7.25);
    table_add_cell(table, NULL);
    table_add_cell(table, "mobile-2");
    table_add_cell(table, "1234567.8");
    table_add_cell(table, "two\nlines\t");
    assert_table(table, "            latency\n"
                        "node           (ms)  note\n"
                        "────────  ─────────  ──────────\n"
                        "mn              7.2\n"
                        "mobile-2  1234567.8  two lines\n");
}
END_TEST

START_TEST(counts_characters)
{
    struct table *table = table_new();

    table_add_column(table, "µs", TABLE_RIGHT);
    table_add_column(table, "x", TABLE_LEFT);
    table_add_cell(table, "12 ± 3");
    table_add_cell(table, "a");
    table_add_cell(table, "移動"); /* four columns wide */
    table_add_cell(table, "b");
    table_add_cell(table, "e\xcc\x81"); /* e and a combining acute accent: one column */
    table_add_cell(table, "c");
    table_add_cell(table, "\xff"); /* not UTF-8 */
    table_add_cell(table, "d");
    assert_table(table, "    µs  x\n"
                        "──────  ─\n"
                        "12 ± 3  a\n"
                        "  移動  b\n"
                        "     e\xcc\x81  c\n"
                        "     \xef\xbf\xbd  d\n");
}
END_TEST

START_TEST(stands_without_rows)
{
    struct table *table = table_new();

    table_add_column(table, "alone", TABLE_RIGHT);
    assert_table(table, "alone\n─────\n");
    table_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *tests = tcase_create("table");

    tcase_add_test(tests, aligns);
    tcase_add_test(tests, counts_characters);
    tcase_add_test(tests, stands_without_rows);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
