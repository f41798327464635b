/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer's octets, the reader's fields and refusals (RFC 4180), and both together. */
#include <check.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/format/csv.h"
#include "tests/runner.h"

static char path[] = "csv-test-XXXXXX";

static void put(const char *text, size_t length)
{
    ck_assert(g_file_set_contents(path, text, (gssize)length, NULL));
}

static struct csv_table *read_good(const char *text)
{
    GError *error = NULL;

    put(text, strlen(text));
    struct csv_table *table = csv_table_read(path, &error);
    ck_assert_msg(table != NULL, "%s", error == NULL ? "?" : error->message);
    return table;
}

/* The message is the path, ':' and what is expected. */
static void read_bad(const char *text, size_t length, const char *expected)
{
    GError *error = NULL;

    put(text, length);
    ck_assert_ptr_null(csv_table_read(path, &error));
    ck_assert(g_error_matches(error, CSV_ERROR, CSV_ERROR_CONTENT));
    char *message = g_strdup_printf("%s:%s", path, expected);
    ck_assert_str_eq(error->message, message);
    g_free(message);
    g_error_free(error);
}

START_TEST(writes_fields)
{
    GString *rows = g_string_new(NULL);

    csv_append_text(rows, "plain");
    csv_append_text(rows, "a,b");
    csv_append_text(rows, "say \"so\"");
    csv_append_text(rows, "two\nlines");
    csv_append_text(rows, "");
    csv_append_text(rows, NULL);
    csv_append_text(rows, "µ – ü");
    csv_append_count(rows, 0);
    csv_append_count(rows, UINT64_MAX);
    csv_end_row(rows);
    csv_append_text(rows, NULL);
    csv_append_text(rows, "x");
    csv_end_row(rows);
    ck_assert_str_eq(rows->str,
                     "plain,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",,,µ – ü,0,18446744073709551615\n,x\n");
    g_string_free(rows, TRUE);
}
END_TEST

START_TEST(writes_times)
{
    GString *rows = g_string_new(NULL);

    /* A locale with a decimal comma, where there is one, changes nothing. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    csv_append_time(rows, 0);
    csv_append_time(rows, 1);
    csv_append_time(rows, SECONDS(12) + 345678901);
    csv_append_time(rows, -1);
    csv_append_time(rows, -SECONDS(3));
    csv_append_time(rows, TIME_NEVER);
    csv_append_time(rows, TIME_NEVER - 1);
    csv_append_time(rows, INT64_MIN);
    csv_append_time(rows, MILLISECONDS(100));
    csv_end_row(rows);
    setlocale(LC_ALL, "C");
    ck_assert_str_eq(rows->str,
                     "0.000000000,0.000000001,12.345678901,-0.000000001,-3.000000000,,9223372036.854775806,"
                     "-9223372036.854775808,0.100000000\n");
    g_string_free(rows, TRUE);
}
END_TEST

START_TEST(writes_files)
{
    GError *error = NULL;
    struct csv_file *file = csv_file_create(path, &error);

    ck_assert_ptr_nonnull(file);
    csv_file_write(file, "a,b\n", 4);
    csv_file_write(file, "1,2\n", 4);
    ck_assert(csv_file_close(file, &error));
    struct csv_table *table = csv_table_read(path, &error);
    ck_assert_str_eq(csv_table_text(table, 0, 1), "2");
    csv_table_free(table);
    ck_assert(csv_file_close(NULL, &error));
}
END_TEST

START_TEST(tells_when_it_cannot_write)
{
    GError *error = NULL;

    ck_assert_ptr_null(csv_file_create("no/such/folder/x.csv", &error));
    ck_assert_str_eq(error->message, "no/such/folder/x.csv: cannot be written: No such file or directory");
    g_clear_error(&error);
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
        return;
    struct csv_file *file = csv_file_create("/dev/full", &error);
    ck_assert_ptr_nonnull(file);
    csv_file_write(file, "a,b\n", 4); /* stays in the buffer: only closing finds out */
    ck_assert(!csv_file_close(file, &error));
    ck_assert(g_error_matches(error, CSV_ERROR, CSV_ERROR_FILE));
    ck_assert_str_eq(error->message, "/dev/full: cannot be written: No space left on device");
    g_clear_error(&error);
}
END_TEST

START_TEST(reads_fields)
{
    struct csv_table *table = read_good("point,\"a / b\",note\r\n"
                                        "0,\"1,5\",\"say \"\"so\"\"\"\n"
                                        "1,,\"two\nlines\"\n"
                                        "2,\"\",");

    ck_assert_uint_eq(table->column_count, 3);
    ck_assert_uint_eq(table->row_count, 3);
    ck_assert_str_eq(csv_table_header(table, 1), "a / b");
    ck_assert_int_eq(csv_table_column(table, "note"), 2);
    ck_assert_int_eq(csv_table_column(table, "nothing"), -1);
    ck_assert_str_eq(csv_table_text(table, 0, 1), "1,5");
    ck_assert_str_eq(csv_table_text(table, 0, 2), "say \"so\"");
    ck_assert_str_eq(csv_table_text(table, 1, 1), "");
    ck_assert_str_eq(csv_table_text(table, 1, 2), "two\nlines");
    ck_assert_str_eq(csv_table_text(table, 2, 0), "2");
    ck_assert_str_eq(csv_table_text(table, 2, 2), "");
    ck_assert_uint_eq(csv_table_line(table, 0), 2);
    ck_assert_uint_eq(csv_table_line(table, 1), 3);
    ck_assert_uint_eq(csv_table_line(table, 2), 5);
    csv_table_free(table);

    table = read_good("\xef\xbb\xbfonly\n");
    ck_assert_str_eq(csv_table_header(table, 0), "only");
    ck_assert_uint_eq(table->row_count, 0);
    csv_table_free(table);
}
END_TEST

START_TEST(reads_numbers)
{
    struct csv_table *table = read_good("a,b,c\n12.345678901,,-3\n1e3, 1,0x\nnan,1 ,inf\n");
    GError *error = NULL;
    double number;

    setlocale(LC_ALL, "de_DE.UTF-8");
    ck_assert(csv_table_number(table, 0, 0, &number, &error));
    ck_assert_double_eq(number, 12.345678901);
    setlocale(LC_ALL, "C");
    ck_assert(csv_table_number(table, 0, 1, &number, &error));
    ck_assert(isnan(number));
    ck_assert(csv_table_number(table, 0, 2, &number, &error));
    ck_assert_double_eq(number, -3);
    ck_assert(csv_table_number(table, 1, 0, &number, &error));
    ck_assert_double_eq(number, 1000);
    ck_assert(!csv_table_number(table, 1, 2, &number, &error));
    char *message = g_strdup_printf("%s:3: c: '0x' is not a number", path);
    ck_assert_str_eq(error->message, message);
    g_free(message);
    g_clear_error(&error);
    ck_assert(!csv_table_number(table, 1, 1, &number, NULL));
    ck_assert(!csv_table_number(table, 2, 0, &number, NULL));
    ck_assert(!csv_table_number(table, 2, 1, &number, NULL));
    ck_assert(!csv_table_number(table, 2, 2, &number, NULL));
    csv_table_free(table);
}
END_TEST

START_TEST(refuses)
{
#define BAD(text, expected) read_bad(text, sizeof(text) - 1, expected)
    BAD("", "1: empty: not even a header");
    BAD("\xef\xbb\xbf", "1: empty: not even a header");
    BAD("a,b\n1,2\n3\n", "3: a row of 1 field, where the header has 2");
    BAD("a,b\n1,2,3\n", "2: a row of 3 fields, where the header has 2");
    BAD("a,b\n\n", "2: a row of 1 field, where the header has 2");
    BAD("a,b,a\n", "1: the header names the column 'a' twice");
    BAD("a\n\"x\n\n", "2: a quoted field begins here and never ends");
    BAD("a\n\"x\"y\n", "2: text behind the closing quote of a field");
    BAD("a\nx\"y\n", "2: a quote within a field that does not begin with one");
    BAD("a\nx\ry\n", "2: a carriage return that does not end a line");
    BAD("a\n\n\xff\n", "3: not UTF-8 text");
    BAD("a\nx\0y\n", "2: a NUL: not a text file");
#undef BAD
}
END_TEST

START_TEST(refuses_what_is_not_there)
{
    GError *error = NULL;

    ck_assert_ptr_null(csv_table_read("no-such-file.csv", &error));
    ck_assert(g_error_matches(error, CSV_ERROR, CSV_ERROR_FILE));
    ck_assert_ptr_nonnull(strstr(error->message, "no-such-file.csv"));
    g_clear_error(&error);
    ck_assert_ptr_null(csv_table_read(".", &error));
    g_clear_error(&error);
}
END_TEST

/* What the writer writes the reader gives back, whatever the text; and many rows take no noticeable time. */
START_TEST(there_and_back)
{
    static const char *const pieces[] = {"", "a", ",", "\"", "\"\"", "\n", "ü", "\"a\"", "a,\"b\"\nc", " "};
    GString *rows = g_string_new("text,count,time\n");

    for (unsigned i = 0; i < 200000; i++) {
        csv_append_text(rows, pieces[i % G_N_ELEMENTS(pieces)]);
        csv_append_count(rows, i);
        csv_append_time(rows, (time_ns)i * 1234567);
        csv_end_row(rows);
    }
    struct csv_table *table = read_good(rows->str);
    ck_assert_uint_eq(table->row_count, 200000);
    for (unsigned i = 0; i < 200000; i += 997) {
        double number;
        ck_assert_str_eq(csv_table_text(table, i, 0), pieces[i % G_N_ELEMENTS(pieces)]);
        ck_assert(csv_table_number(table, i, 1, &number, NULL));
        ck_assert_double_eq(number, i);
        ck_assert(csv_table_number(table, i, 2, &number, NULL));
        ck_assert_double_eq_tol(number, i * 1234567e-9, 1e-9);
    }
    csv_table_free(table);
    g_string_free(rows, TRUE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");
    int descriptor = g_mkstemp(path);

    if (descriptor < 0 || !g_close(descriptor, NULL))
        return EXIT_FAILURE;
    tcase_add_test(tests, writes_fields);
    tcase_add_test(tests, writes_times);
    tcase_add_test(tests, writes_files);
    tcase_add_test(tests, tells_when_it_cannot_write);
    tcase_add_test(tests, reads_fields);
    tcase_add_test(tests, reads_numbers);
    tcase_add_test(tests, refuses);
    tcase_add_test(tests, refuses_what_is_not_there);
    tcase_add_test(tests, there_and_back);
    suite_add_tcase(suite, tests);
    int status = run_suite(suite);
    g_unlink(path);
    return status;
}
