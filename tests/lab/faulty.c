/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faulty.c - see faulty.h: one small world, what a test adds to it, and what has come of it by the tables of
 * the recorder.
 */
#include "tests/lab/faulty.h"

#include <check.h>
#include <string.h>

const char faulty_world[] = "[scenario]\nduration = 40s\n"
                            "[lan home]\nprefix = 2001:db8:1::/64\n"
                            "[access-lan visited]\nprefix = 2001:db8:2::/64\nhandover-delay = 50ms\n"
                            "[lan far]\nprefix = 2001:db8:3::/64\n"
                            "[home-agent ha]\nattached = home\n"
                            "[router access]\nattached = visited\n"
                            "[router edge]\nattached = far\n"
                            "[point-to-point ha-access]\nbetween = ha, access\ndelay = 10ms\n"
                            "[point-to-point ha-edge]\nbetween = ha, edge\ndelay = 10ms\n"
                            "[point-to-point access-edge]\nbetween = access, edge\ndelay = 10ms\n"
                            "[mobile-node mn]\nhome-agent = ha\n"
                            "[correspondent-node cn]\nattached = far\n"
                            "[peers mn cn]\nregistration = always\n";

/* The recorder is watched by address, so that it lives in the caller's record from the start. */
static void read_and_run(struct faulty *faulty, const char *text, const char *const *set)
{
    struct scenario_messages *messages = scenario_messages_new();
    faulty->source = scenario_source_read_text("test.ini", text, strlen(text), set, messages);
    faulty->scenario = faulty->source ? scenario_build(faulty->source, NULL, 0, messages) : NULL;
    char *told = scenario_messages_to_string(messages);
    ck_assert_msg(faulty->scenario != NULL, "%s", told);
    g_free(told);
    scenario_messages_free(messages);
    recorder_init(&faulty->recorder, faulty->scenario, LOG_INFO);
    struct network_observer observer = recorder_observer(&faulty->recorder);
    faulty->simulation = simulation_new(faulty->scenario, faulty->scenario->seed, 0, &observer, NULL);
    ck_assert_ptr_nonnull(faulty->simulation);
    simulation_run(faulty->simulation);
}

void faulty_run(struct faulty *faulty, const char *text)
{
    read_and_run(faulty, text, NULL);
}

void faulty_run_world(struct faulty *faulty, const char *more)
{
    faulty_run_world_with(faulty, more, NULL);
}

void faulty_run_world_with(struct faulty *faulty, const char *more, const char *const *set)
{
    char *text = g_strconcat(faulty_world, more, NULL);
    read_and_run(faulty, text, set);
    g_free(text);
}

void faulty_free(struct faulty *faulty)
{
    simulation_free(faulty->simulation);
    recorder_free(&faulty->recorder);
    scenario_free(faulty->scenario);
    scenario_source_free(faulty->source);
}

const struct flow_record *faulty_flow(const struct faulty *faulty)
{
    ck_assert_uint_gt(faulty->recorder.flows.count, 0);
    return &faulty->recorder.flows.flows[0];
}

static const struct signalling_row *row_at(const struct faulty *faulty, guint i)
{
    return &g_array_index(faulty->recorder.signalling.rows, struct signalling_row, i);
}

static bool is_such(const struct faulty *faulty, const struct signalling_row *row, const char *message,
                    enum signalling_action action, const char *node)
{
    return strcmp(row->message, message) == 0 && row->action == action &&
           strcmp(directory_name(&faulty->recorder.directory, row->node), node) == 0;
}

unsigned faulty_messages(const struct faulty *faulty, const char *message, enum signalling_action action,
                         const char *node, int status, time_ns from)
{
    unsigned count = 0;
    for (guint i = 0; i < faulty->recorder.signalling.rows->len; i++)
        count += is_such(faulty, row_at(faulty, i), message, action, node) &&
                 (status < 0 || row_at(faulty, i)->status == status) && row_at(faulty, i)->time >= from;
    return count;
}

time_ns faulty_message_time(const struct faulty *faulty, const char *message, enum signalling_action action,
                            const char *node, unsigned n)
{
    for (guint i = 0; i < faulty->recorder.signalling.rows->len; i++)
        if (is_such(faulty, row_at(faulty, i), message, action, node) && --n == 0)
            return row_at(faulty, i)->time;
    return TIME_NEVER;
}
