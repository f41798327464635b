/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_loss_model.c - losses in bursts: what is read and refused, the share of the bad state and the length
 * of bursts against what the chain's parameters give, bursts by time that do not depend on who sends when.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/loss_model.h"
#include "sim/scenario/value.h"
#include "tests/runner.h"

#define PACKETS 200000

static struct random_stream stream_of(uint16_t purpose)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, 0, purpose);
    return stream;
}

START_TEST(read_and_written)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"1%", "0.01"},
        {"0", "0"},
        {" gilbert-elliott( 1%, 30% ) ", "gilbert-elliott(0.01, 0.29999999999999999, 1, 0)"},
        {"gilbert-elliott(0.5,0.25,50%,0.125)", "gilbert-elliott(0.5, 0.25, 0.5, 0.125)"},
        {"gilbert-elliott(10s, 200ms, 75%)", "gilbert-elliott(10s, 200ms, 0.75, 0)"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct loss_model model, again;
        ck_assert_msg(value_parse_loss(cases[i].text, &model, NULL), "%s", cases[i].text);
        char *written = value_format_loss(&model);
        ck_assert_str_eq(written, cases[i].written);
        ck_assert(value_parse_loss(written, &again, NULL));
        ck_assert_double_eq(again.worsen, model.worsen);
        ck_assert_double_eq(again.recover, model.recover);
        ck_assert_double_eq(again.bad_probability, model.bad_probability);
        ck_assert_double_eq(again.probability, model.probability);
        ck_assert_int_eq(again.good_mean, model.good_mean);
        ck_assert_int_eq(again.bad_mean, model.bad_mean);
        g_free(written);
    }
}
END_TEST

START_TEST(refused)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"some", "is not a probability"},
        {"gilbert(1%, 2%)", "nor gilbert-elliott(WORSEN, RECOVER"},
        {"gilbert-elliott", "nor gilbert-elliott(WORSEN, RECOVER"},
        {"gilbert-elliott(1%, 2%", "lacks its ')'"},
        {"gilbert-elliott()", "two to four values, not 0"},
        {"gilbert-elliott(1%)", "two to four values, not 1"},
        {"gilbert-elliott(1%, 2%, 3%, 4%, 5%)", "two to four values, not 5"},
        {"gilbert-elliott(1%, 200ms)", "expected two probabilities, or the mean durations"},
        {"gilbert-elliott(10s, 1us)", "at least 100us"},
        {"gilbert-elliott(1%, 2%, 200%)", "out of range"},
        {"gilbert-elliott(1%, x)", "\"x\" is not a probability"},
        {"110%", "out of range"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct loss_model model = {.probability = 0.5};
        GError *error = NULL;
        ck_assert_msg(!value_parse_loss(cases[i].text, &model, &error), "%s", cases[i].text);
        ck_assert_msg(strstr(error->message, cases[i].said) != NULL, "%s: %s", cases[i].text, error->message);
        ck_assert_double_eq(model.probability, 0.5);
        g_error_free(error);
    }
}
END_TEST

/* Bad is worsen / (worsen + recover) of all packets, and a burst has 1 / recover packets. */
START_TEST(by_packets)
{
    struct loss_model model = {.worsen = 0.02, .recover = 0.25, .bad_probability = 1, .probability = 0.125};
    struct loss_state state = {0};
    unsigned bad = 0, bursts = 0;
    bool before = false;
    for (unsigned i = 0; i < PACKETS; i++) {
        double loss = loss_model_next(&model, &state, stream_of(1), (time_ns)i);
        ck_assert_double_eq(loss, state.bad ? 1 : 0.125);
        bad += state.bad;
        bursts += state.bad && !before;
        before = state.bad;
    }
    ck_assert_double_eq_tol((double)bad / PACKETS, 0.02 / 0.27, 0.004);
    ck_assert_double_eq_tol((double)bad / bursts, 4, 0.15);
    ck_assert_uint_eq(state.steps, PACKETS);
}
END_TEST

/* The share of time; and who asks rarely sees the same states as who asks often. */
START_TEST(by_time)
{
    struct loss_model model = {
        .good_mean = MILLISECONDS(90), .bad_mean = MILLISECONDS(10), .bad_probability = 1};
    struct loss_state often = {0}, rarely = {0};
    unsigned bad = 0;
    for (unsigned i = 0; i < PACKETS; i++) {
        double loss = loss_model_next(&model, &often, stream_of(2), MILLISECONDS(i));
        bad += loss > 0;
        if (i % 100 == 0)
            ck_assert_double_eq(loss_model_next(&model, &rarely, stream_of(2), MILLISECONDS(i)), loss);
    }
    ck_assert_double_eq_tol((double)bad / PACKETS, 0.1, 0.01);
    (void)loss_model_next(&model, &often, stream_of(2), MILLISECONDS(PACKETS));
    (void)loss_model_next(&model, &rarely, stream_of(2), MILLISECONDS(PACKETS));
    ck_assert_uint_eq(often.steps, rarely.steps);
}
END_TEST

START_TEST(none)
{
    struct loss_model model = {0};
    struct loss_state state = {0};
    ck_assert(loss_model_is_none(&model));
    model.probability = 0.5;
    ck_assert(!loss_model_is_none(&model) && !loss_model_has_bursts(&model));
    ck_assert_double_eq(loss_model_next(&model, &state, stream_of(3), 0), 0.5);
    ck_assert_uint_eq(state.steps, 0); /* nothing was drawn */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loss model");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, read_and_written);
    tcase_add_test(tests, refused);
    tcase_add_test(tests, by_packets);
    tcase_add_test(tests, by_time);
    tcase_add_test(tests, none);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
