/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs on several threads: each once, into the sink one at a time, in order if wanted; what ends them. */
#include <arpa/inet.h>
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "sim/experiment/experiment.h"
#include "sim/measure/directory.h"
#include "sim/scenario/scenario.h"
#include "tests/runner.h"

static const char text[] = "[scenario]\nduration = 50ms\n"
                           "[lan home]\nprefix = 2001:db8:1::/64\n"
                           "[home-agent ha]\nattached = home\n"
                           "[router edge]\nattached = home\n"
                           "[mobile-node mn]\nhome-agent = ha\n"
                           "[correspondent-node cn]\nattached = home\n"
                           "[peers mn cn]\nauthorization = static-key\n"
                           "[flow voice]\nfrom = cn\nto = mn\ninterval = 20ms\n"
                           "[sweep]\nflow voice / interval = 10ms; 20ms; 30ms; 40ms; 50ms\n";

#define POINTS 5

struct bench {
    struct scenario_source *source;
    struct scenario *scenario;
    struct experiment experiment;
    struct run_key *runs;
    struct experiment_sink sink;
    gint inside;    /* threads in the sink */
    unsigned count; /* results entered */
    unsigned fail_at, interrupt_at;
    uint64_t last; /* entered, point and replication */
    bool sorted;
    GHashTable *seen;
    atomic_bool interrupted;
};

static bool enter(void *context, const struct run_result *result, GError **error)
{
    struct bench *bench = context;
    uint64_t key = (uint64_t)result->key.point << 32 | result->key.replication;
    ck_assert_int_eq(g_atomic_int_add(&bench->inside, 1), 0);
    bench->sorted = bench->sorted && (bench->count == 0 || key > bench->last);
    bench->last = key;
    ck_assert(g_hash_table_add(bench->seen, g_strdup_printf("%" G_GUINT64_FORMAT, key)));
    ck_assert_uint_eq(result->rows[TABLE_FLOWS].count, 1);
    bench->count++;
    bool good = bench->count != bench->fail_at;
    if (!good)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");
    if (bench->count == bench->interrupt_at)
        atomic_store(&bench->interrupted, true);
    ck_assert_int_eq(g_atomic_int_add(&bench->inside, -1), 1);
    return good;
}

static void bench_init(struct bench *bench, unsigned jobs, uint32_t replications, bool any_order)
{
    struct scenario_messages *messages = scenario_messages_new();
    *bench = (struct bench){.sorted = true};
    char *path = NULL;
    int file = g_file_open_tmp("mip6sim-XXXXXX.ini", &path, NULL);
    ck_assert_int_ge(file, 0);
    close(file);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    bench->scenario = scenario_read(path, NULL, &bench->source, messages);
    unlink(path);
    g_free(path);
    char *told = scenario_messages_to_string(messages);
    ck_assert_msg(bench->scenario != NULL, "%s", told);
    ck_assert_uint_eq(scenario_point_count(bench->scenario), POINTS);
    g_free(told);
    scenario_messages_free(messages);
    bench->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bench->experiment = (struct experiment){.source = bench->source,
                                            .scenario = bench->scenario,
                                            .seed = 1,
                                            .jobs = jobs,
                                            .interrupted = &bench->interrupted};
    bench->runs = experiment_all_runs(bench->scenario, 0, replications, &bench->experiment.run_count);
    bench->experiment.runs = bench->runs;
    bench->sink = (struct experiment_sink){.context = bench, .enter = enter, .any_order = any_order};
}

static void bench_clear(struct bench *bench)
{
    g_hash_table_destroy(bench->seen);
    g_free(bench->runs);
    scenario_free(bench->scenario);
    scenario_source_free(bench->source);
}

/* Each of `jobs`, `replications`: nothing is lost, nothing is twice; one thread keeps the order anyway. */
START_TEST(test_all_runs)
{
    static const struct {
        unsigned jobs;
        uint32_t replications;
    } cases[] = {{1, 7}, {2, 40}, {3, 1}, {8, 13}, {64, 1}, {2, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(cases) * 2; i++) {
        struct bench bench;
        bool any_order = i % 2 == 1;
        bench_init(&bench, cases[i / 2].jobs, cases[i / 2].replications, any_order);
        GError *error = NULL;
        ck_assert(experiment_run(&bench.experiment, &bench.sink, &error));
        ck_assert_uint_eq(bench.count, POINTS * cases[i / 2].replications);
        ck_assert(bench.sorted || (any_order && bench.experiment.jobs > 1));
        bench_clear(&bench);
    }
}
END_TEST

START_TEST(test_full_sink)
{
    for (unsigned i = 0; i < 6; i++) {
        struct bench bench;
        bench_init(&bench, i / 2 + 1, 20, i % 2 == 1);
        bench.fail_at = 11;
        GError *error = NULL;
        ck_assert(!experiment_run(&bench.experiment, &bench.sink, &error));
        ck_assert_str_eq(error->message, "full");
        ck_assert_uint_eq(bench.count, 11);
        g_error_free(error);
        bench_clear(&bench);
    }
}
END_TEST

/* What was being made is entered, nothing more is begun. */
START_TEST(test_interrupted)
{
    for (unsigned jobs = 1; jobs < 6; jobs++) {
        struct bench bench;
        bench_init(&bench, jobs, 200, true);
        bench.interrupt_at = 10;
        GError *error = NULL;
        ck_assert(experiment_run(&bench.experiment, &bench.sink, &error));
        ck_assert_ptr_null(error);
        ck_assert_uint_ge(bench.count, 10);
        ck_assert_uint_lt(bench.count, POINTS * 200);
        bench_clear(&bench);
    }
}
END_TEST

/* A run that cannot be made: its captures have nowhere to go. */
START_TEST(test_failed_runs)
{
    for (unsigned i = 0; i < 4; i++) {
        struct bench bench;
        bench_init(&bench, i / 2 + 1, 3, i % 2 == 1);
        const bool links[] = {true};
        bench.experiment.capture_directory = "/dev/null/nowhere";
        bench.experiment.capture_links = links;
        GError *error = NULL;
        ck_assert(!experiment_run(&bench.experiment, &bench.sink, &error));
        ck_assert_ptr_nonnull(strstr(error->message, "/dev/null/nowhere"));
        ck_assert_uint_eq(bench.count, 0);
        g_error_free(error);
        bench_clear(&bench);
    }
}
END_TEST

/* Addresses in rows: as inet_ntop writes them, with runs of zeros of any length anywhere. */
START_TEST(test_address_text)
{
    GRand *random = g_rand_new_with_seed(7);
    for (unsigned i = 0; i < 200000; i++) {
        struct ipv6_address address;
        unsigned zeros = (unsigned)g_rand_int_range(random, 0, 256);
        unsigned small = (unsigned)g_rand_int_range(random, 0, 256);
        for (unsigned group = 0; group < 8; group++) {
            unsigned value = zeros >> group & 1   ? 0
                             : small >> group & 1 ? (unsigned)g_rand_int_range(random, 0, 0x200)
                                                  : (unsigned)g_rand_int_range(random, 0, 0x10000);
            address.octets[2 * group] = (uint8_t)(value >> 8);
            address.octets[2 * group + 1] = (uint8_t)value;
        }
        char ours[ADDRESS_TEXT_LENGTH], theirs[INET6_ADDRSTRLEN];
        ck_assert_str_eq(address_text(&address, ours),
                         inet_ntop(AF_INET6, address.octets, theirs, sizeof theirs));
    }
    g_rand_free(random);
    char none[ADDRESS_TEXT_LENGTH];
    ck_assert_str_eq(address_text(NULL, none), "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment");
    TCase *cases = tcase_create("threads");
    tcase_add_test(cases, test_all_runs);
    tcase_add_test(cases, test_full_sink);
    tcase_add_test(cases, test_interrupted);
    tcase_add_test(cases, test_failed_runs);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(suite, cases);
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, test_address_text);
    suite_add_tcase(suite, rows);
    return run_suite(suite);
}
