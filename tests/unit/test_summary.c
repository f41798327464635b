/* SPDX-License-Identifier: GPL-2.0-or-later */
/* handovers.csv read back: dimensions, groups, observations, phases; and the tables made of them. */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/handovers.h"
#include "sim/output/summary.h"
#include "tests/runner.h"

static char directory[] = "summary-test-XXXXXX";

#define HEADER_BEFORE "point,replication"
#define HEADER_BEHIND                                                                                        \
    ",node,handover,correspondent,authorization,from_link,to_link,link_down,link_up,router_advertisement,"   \
    "address_tentative,care_of_address_usable,home_update_sent,home_acknowledgement_received,home_test_"     \
    "init_sent,"                                                                                             \
    "care_of_test_init_sent,home_test_received,care_of_test_received,correspondent_update_sent,"             \
    "correspondent_bound,"                                                                                   \
    "correspondent_acknowledgement_received,first_tunnelled_packet,first_optimized_downlink,first_"          \
    "optimized_uplink,"                                                                                      \
    "link_handover,movement_detection,address_configuration,home_registration,return_routability,"           \
    "correspondent_registration,binding_latency,handover_latency,outage,packets_lost,packets_tunnelled,"     \
    "packets_optimized,packets_misdirected,mobile_messages,mobile_octets,correspondent_messages,"            \
    "correspondent_octets\n"

/* The instants that phases are made of, in order; negative: did not happen. */
struct sample {
    double link_down, link_up, router_advertisement, usable, home_acknowledgement, update, bound, outage;
    unsigned lost;
};

static void append_seconds(GString *text, double seconds)
{
    if (seconds >= 0)
        g_string_append_printf(text, "%.9f", seconds);
    g_string_append_c(text, ',');
}

/* before: "0,0,axis"; move: "cn,static-key,home,visited". */
static void append_row(GString *text, const char *before, const char *move, const struct sample *sample)
{
    bool bound = sample->bound >= 0;

    g_string_append_printf(text, "%s,mn,1,%s,", before, move);
    append_seconds(text, sample->link_down);
    append_seconds(text, sample->link_up);
    append_seconds(text, sample->router_advertisement);
    append_seconds(text, sample->router_advertisement);
    append_seconds(text, sample->usable);
    append_seconds(text, sample->home_acknowledgement >= 0 || sample->update >= 0 ? sample->usable : -1);
    append_seconds(text, sample->home_acknowledgement);
    g_string_append(text, ",,,,");
    append_seconds(text, sample->update);
    append_seconds(text, sample->bound);
    g_string_append(text, ",,,,,,,,,,");
    append_seconds(text, bound ? sample->bound - sample->usable : -1);
    append_seconds(text, bound ? sample->bound - sample->link_down : -1);
    append_seconds(text, sample->outage);
    g_string_append_printf(text, "%u,1,2,3,8,700,6,500\n", sample->lost);
}

static void write_rows(const char *text)
{
    char *path = g_build_filename(directory, "handovers.csv", NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

static struct handovers *read_rows(const char *text)
{
    GError *error = NULL;

    write_rows(text);
    struct handovers *handovers = handovers_read(directory, &error);
    ck_assert_msg(handovers != NULL, "%s", error == NULL ? "?" : error->message);
    return handovers;
}

static void assert_refused(const char *text, const char *expected)
{
    GError *error = NULL;

    write_rows(text);
    ck_assert_ptr_null(handovers_read(directory, &error));
    ck_assert_ptr_nonnull(strstr(error->message, expected));
    g_error_free(error);
}

static void assert_phases(const struct sample *sample, const double expected[PHASE_COUNT])
{
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);
    double phases[PHASE_COUNT], sum = 0;

    append_row(text, "0,0", "cn,static-key,home,visited", sample);
    struct handovers *handovers = read_rows(text->str);
    ck_assert(handovers_row_phases(handovers, 0, phases));
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        ck_assert_double_eq_tol(phases[i], expected[i], 1e-12);
        sum += phases[i];
    }
    ck_assert_double_eq_tol(sum, sample->bound - sample->link_down, 1e-12);
    handovers_free(handovers);
    g_string_free(text, TRUE);
}

START_TEST(phases_add_up)
{
    struct sample sample = {10, 10.05, 10.07, 11.07, 11.09, 11.17, 11.19, 1.1, 0};

    assert_phases(&sample, (double[]){0.05, 0.02, 1, 0.02, 0.08, 0.02});
    /* The update went at once: nothing waited for the home agent. */
    sample.update = 11.07;
    sample.bound = 11.08;
    assert_phases(&sample, (double[]){0.05, 0.02, 1, 0, 0, 0.01});
    /* The home agent answered only when the binding was there. */
    sample.home_acknowledgement = -1;
    assert_phases(&sample, (double[]){0.05, 0.02, 1, 0, 0, 0.01});
    /* The new address was known without an advertisement. */
    sample = (struct sample){10, 10.05, -1, 10.05, 10.07, 10.07, 10.08, -1, 0};
    assert_phases(&sample, (double[]){0.05, 0, 0, 0.02, 0, 0.01});
}
END_TEST

START_TEST(phases_of_what_never_ended)
{
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);
    double phases[PHASE_COUNT];

    append_row(text, "0,0", "cn,static-key,home,visited",
               &(struct sample){10, 10.1, 10.2, 11, 11, 11, -1, -1, 0});
    append_row(text, "0,0", ",,home,visited", &(struct sample){10, 10.1, 10.2, 11, 11, -1, -1, -1, 0});
    struct handovers *handovers = read_rows(text->str);
    ck_assert(!handovers_row_phases(handovers, 0, phases));
    ck_assert(!handovers_row_complete(handovers, 0));
    ck_assert(handovers_row_complete(handovers,
                                     1)); /* no correspondent: the home agent's binding is all there is */
    handovers_free(handovers);
    g_string_free(text, TRUE);
}
END_TEST

/* Where nobody has got any signalling, a node without an address is why. */
START_TEST(unfinished_without_address)
{
    static const struct sample no_address = {10, 10.1, 10.2, -1, -1, -1, -1, -1, 0},
                               registered = {10, 10.1, 10.2, 11, 11, 11, -1, -1, 0};
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);

    append_row(text, "0,0", "cn,static-key,home,visited", &no_address);
    append_row(text, "0,0", "cn,static-key,home,visited", &registered);
    char **parts = g_strsplit(text->str, "6,500\n", -1); /* no message at the correspondent */
    char *silent = g_strjoinv("0,0\n", parts);
    struct handovers *handovers = read_rows(silent);
    ck_assert(handovers_row_unfinished(handovers, 0));
    ck_assert(!handovers_row_unfinished(handovers, 1));
    handovers_free(handovers);
    g_free(silent);
    g_strfreev(parts);
    g_string_free(text, TRUE);
}
END_TEST

/* What is told as never completed: only what was to be completed. */
START_TEST(unfinished)
{
    static const struct {
        const char *move;
        struct sample sample;
        bool expected;
    } rows[] = {
        {"cn,static-key,home,visited", {10, 10.1, 10.2, 11, 11, 11, 11.1, -1, 0}, false},
        {"cn,static-key,home,visited", {10, 10.1, 10.2, 11, 11, 11, -1, -1, 0}, true},
        {"cn,static-key,home,visited", {10, 10.1, 10.2, -1, -1, -1, -1, -1, 0}, true}, /* moved on */
        {"cn,static-key,visited,visited", {10, 10.1, -1, -1, -1, -1, -1, -1, 0}, false},
        {"cn,static-key,visited,home",
         {10, 10.1, 10.2, 10.2, -1, -1, -1, -1, 0},
         false}, /* no binding there */
        {"cn,static-key,visited,", {10, -1, -1, -1, -1, -1, -1, -1, 0}, false},
        {"plain,static-key,home,visited", {10, 10.1, 10.2, 11, 11, 11, -1, -1, 0}, false},
        {"plain,static-key,home,visited", {10, 10.1, 10.2, -1, -1, -1, -1, -1, 0}, false},
        {",,home,visited", {10, 10.1, 10.2, 11, 11, -1, -1, -1, 0}, false},
        {",,home,visited", {10, 10.1, 10.2, -1, -1, -1, -1, -1, 0}, true},
        {",,visited,visited", {10, 10.1, -1, -1, -1, -1, -1, -1, 0}, false},
    };
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        append_row(text, "0,0", rows[i].move, &rows[i].sample);
        if (g_str_has_prefix(rows[i].move, "plain")) { /* which neither sends nor receives signalling */
            g_string_truncate(text, text->len - strlen("6,500\n"));
            g_string_append(text, "0,0\n");
        }
    }
    struct handovers *handovers = read_rows(text->str);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(handovers_row_unfinished(handovers, i) == rows[i].expected, "row %u", i);
    handovers_free(handovers);
    g_string_free(text, TRUE);
}
END_TEST

static GString *make_sweep(void)
{
    GString *text =
        g_string_new(HEADER_BEFORE ",peers mn cn / authorization,point-to-point a b / delay" HEADER_BEHIND);
    static const char *const methods[] = {"return-routability", "static-key"};

    for (unsigned point = 0; point < 4; point++)
        for (unsigned replication = 0; replication < 2; replication++) {
            const char *method = methods[point / 2];
            double latency = 0.1 * (point + 1) + 0.02 * replication;
            char *before = g_strdup_printf("%u,%u,%s,%ums", point, replication, method, 10 * (point % 2 + 1));
            char *move = g_strdup_printf("cn,%s,home,visited", method);
            append_row(text, before, move,
                       &(struct sample){10, 10.1, 10.2, 11, 11, 11, 11 + latency, 2, 10 * replication});
            g_free(before);
            g_free(move);
        }
    return text;
}

START_TEST(dimensions_and_groups)
{
    GString *text = make_sweep();
    struct handovers *handovers = read_rows(text->str);

    /* The axis that is the method is no dimension of its own. */
    ck_assert_uint_eq(handovers->dimensions->len, 2);
    const struct dimension *delay = handovers->dimensions->pdata[0];
    ck_assert_str_eq(delay->name, "point-to-point a b / delay");
    ck_assert_uint_eq(delay->levels->len, 2);
    ck_assert_str_eq(delay->levels->pdata[1], "20ms");
    const struct dimension *method = handovers_method(handovers);
    ck_assert(method->swept);
    ck_assert_str_eq(method->levels->pdata[0], "return-routability");
    ck_assert_uint_eq(handovers->groups->len, 4);
    const struct group *group = handovers->groups->pdata[2];
    ck_assert_uint_eq(group->rows->len, 2);
    ck_assert_uint_eq(g_array_index(group->rows, size_t, 0), 4);
    ck_assert_uint_eq(group->levels[0], 0);
    ck_assert_uint_eq(group->levels[1], 1);

    struct statistics statistics = {0};
    handovers_observe(handovers, (size_t[]){4, 5}, 2, COLUMN_BINDING_LATENCY, &statistics);
    ck_assert_uint_eq(statistics.count, 2);
    ck_assert_double_eq_tol(statistics_mean(&statistics), 0.31, 1e-12);
    handovers_free(handovers);
    g_string_free(text, TRUE);
}
END_TEST

/* Handovers of one replication are one observation, unless there is only one replication. */
START_TEST(observations)
{
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);
    struct sample sample = {10, 10.1, 10.2, 11, 11, 11, 11.1, 1, 0};
    struct statistics statistics = {0};

    for (unsigned i = 0; i < 6; i++) {
        sample.outage = i == 1 ? -1.0 : i + 1.0; /* 1, nothing, 3 and 4, 5, 6 */
        append_row(text, i < 3 ? "0,0" : "0,1", "cn,static-key,home,visited", &sample);
    }
    struct handovers *handovers = read_rows(text->str);
    handovers_observe(handovers, (size_t[]){0, 1, 2, 3, 4, 5}, 6, COLUMN_OUTAGE, &statistics);
    ck_assert_uint_eq(statistics.count, 2);
    ck_assert_double_eq_tol(statistics_mean(&statistics), 3.5, 1e-12);
    ck_assert_double_eq_tol(statistics.minimum, 2, 1e-12);
    statistics = (struct statistics){0};
    handovers_observe(handovers, (size_t[]){3, 4, 5}, 3, COLUMN_OUTAGE, &statistics);
    ck_assert_uint_eq(statistics.count, 3);
    handovers_free(handovers);
    g_string_free(text, TRUE);
}
END_TEST

static void assert_summary(const char *rows, const char *expected)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;

    write_rows(rows);
    ck_assert(summary_append(directory, text, &error));
    ck_assert_str_eq(text->str, expected);
    g_string_free(text, TRUE);
}

#define GROUPS_EXPLAINED                                                                                     \
    "\nMeans over n handovers. Binding latency: from the care-of address being usable until the\n"           \
    "correspondent's binding is updated. Outage: the gap in what reaches the mobile node. Messages: "        \
    "mobility\n"                                                                                             \
    "signalling that the mobile node sends and receives.\n"

/* 95 % of Student's t with one degree of freedom is 12.706; of values 20 ms apart: 12.706 * 14.142 / 1.414 =
 * 127.1. */
START_TEST(table_of_groups)
{
    GString *text = make_sweep();

    assert_summary(
        text->str,
        "point-to-point                         binding\n"
        "           a b                         latency           outage          packets\n"
        "         delay  authorization       n     (ms)  ± 95 %     (ms)  ± 95 %     lost  messages\n"
        "──────────────  ──────────────────  ─  ───────  ───────  ──────  ──────  ───────  ────────\n"
        "          10ms  return-routability  2    110.0  ± 127.1  2000.0  ± 0.0       5.0       8.0\n"
        "          10ms  static-key          2    310.0  ± 127.1  2000.0  ± 0.0       5.0       8.0\n"
        "          20ms  return-routability  2    210.0  ± 127.1  2000.0  ± 0.0       5.0       8.0\n"
        "          20ms  static-key          2    410.0  ± 127.1  2000.0  ± 0.0       5.0       "
        "8.0\n" GROUPS_EXPLAINED
        "±: half the width of the 95 % confidence interval of the mean, over replications.\n");
    g_string_free(text, TRUE);
}
END_TEST

#define MOVES_EXPLAINED                                                                                      \
    "\nMilliseconds, one after the other: link-layer handover, movement detection, address configuration "   \
    "(DAD),\n"                                                                                               \
    "home registration, return routability tests, correspondent registration; total: link down until the\n"  \
    "correspondent's binding is updated. Outage: the gap in what reaches the mobile node. Lost: packets.\n"

START_TEST(table_of_one_run)
{
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);

    append_row(text, "0,0", "cn,static-key,home,visited",
               &(struct sample){10, 10.05, 10.07, 11.07, 11.09, 11.17, 11.19, 1.1, 55});
    append_row(text, "0,0", "cn,static-key,visited,", &(struct sample){20, -1, -1, -1, -1, -1, -1, -1, 3});
    append_row(text, "0,0", "cn,static-key,,home", &(struct sample){30, 30.05, 30.07, -1, -1, -1, -1, -1, 3});
    append_row(text, "0,0", "cn,static-key,home,visited",
               &(struct sample){40, 40.05, 40.07, 41.07, 41.09, 41.17, -1, -1, 3});
    assert_summary(
        text->str,
        "      down at                                  movement\n"
        "node      (s)  move               with    L2  detection  address  home  tests  binding"
        "   total  outage  lost\n"
        "────  ───────  ─────────────────  ────  ────  ─────────  ───────  ────  ─────  ───────"
        "  ──────  ──────  ────\n"
        "mn     10.000  home → visited     cn    50.0       20.0   1000.0  20.0   80.0     20.0"
        "  1190.0  1100.0    55\n"
        "mn     20.000  visited → nowhere  cn       –          –        –     –      –        –"
        "       –       –     3\n"
        "mn     30.000  nowhere → home     cn    50.0       20.0        –     –      –        –"
        "       –       –     3\n"
        "mn     40.000  home → visited     cn    50.0       20.0   1000.0  20.0   80.0        –"
        "       –       –     3\n" MOVES_EXPLAINED "Authorization: static-key.\n"
        "warning: 2 of 4 handovers were never completed: the binding was not updated before the node\n"
        "moved on or the run ended\n");
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(table_of_nothing)
{
    assert_summary(HEADER_BEFORE HEADER_BEHIND, "No mobile node moved: there is no handover to tell of.\n");
}
END_TEST

START_TEST(refusals)
{
    GString *text = g_string_new(HEADER_BEFORE HEADER_BEHIND);
    GError *error = NULL;

    assert_refused("", "handovers.csv:1: empty");
    assert_refused("a,b\n", "handovers.csv:1: there is no column '");
    append_row(text, "0,x", "cn,static-key,home,visited", &(struct sample){1, 2, 3, 4, 5, 6, 7, 1, 0});
    assert_refused(text->str, "handovers.csv:2: replication: 'x' is not a number");
    g_string_free(text, TRUE);
    ck_assert_ptr_null(handovers_read("no-such-directory", &error));
    ck_assert_str_eq(error->message, "no-such-directory: no such directory");
    g_clear_error(&error);
    ck_assert(!summary_append("/", NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "no handovers.csv"));
    g_clear_error(&error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("summary");
    TCase *tests = tcase_create("summary");

    if (g_mkdtemp(directory) == NULL)
        return EXIT_FAILURE;
    tcase_add_test(tests, phases_add_up);
    tcase_add_test(tests, phases_of_what_never_ended);
    tcase_add_test(tests, unfinished);
    tcase_add_test(tests, unfinished_without_address);
    tcase_add_test(tests, dimensions_and_groups);
    tcase_add_test(tests, observations);
    tcase_add_test(tests, table_of_groups);
    tcase_add_test(tests, table_of_one_run);
    tcase_add_test(tests, table_of_nothing);
    tcase_add_test(tests, refusals);
    suite_add_tcase(suite, tests);
    int status = run_suite(suite);
    char *path = g_build_filename(directory, "handovers.csv", NULL);
    g_unlink(path);
    g_free(path);
    g_rmdir(directory);
    return status;
}
