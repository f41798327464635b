/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.c - see runner.h. To go to another point is to read the scenario again with that point's settings,
 * which costs more than a short run; so it is done only when the point is another one.
 */
#include "sim/experiment/runner.h"

#include "sim/experiment/reference.h"
#include "sim/format/output_directory.h"
#include "sim/network/security.h"

struct runner {
    const struct experiment *experiment;
    struct scenario *scenario; /* of `point`; NULL: none yet */
    struct scenario_setting *settings;
    uint32_t point;
};

struct runner *runner_new(const struct experiment *experiment)
{
    struct runner *runner = g_new0(struct runner, 1);
    runner->experiment = experiment;
    runner->settings = g_new0(struct scenario_setting, experiment->scenario->axis_count + 1);
    return runner;
}

void runner_free(struct runner *runner)
{
    if (!runner)
        return;
    scenario_free(runner->scenario);
    g_free(runner->settings);
    g_free(runner);
}

static struct run_result *failed(struct run_key key, GError *error)
{
    struct run_result *result = run_result_empty(key);
    result->error = error;
    return result;
}

static char *capture_directory(const struct experiment *experiment, struct run_key key)
{
    if (experiment->run_count == 1)
        return g_strdup(experiment->capture_directory);
    return g_strdup_printf("%s/point-%u-replication-%u", experiment->capture_directory, key.point,
                           key.replication);
}

static bool start_captures(const struct experiment *experiment, struct simulation *simulation,
                           struct run_key key, GError **error)
{
    if (!experiment->capture_directory)
        return true;
    char *directory = capture_directory(experiment, key);
    bool good = output_directory_make(directory, error);
    for (uint32_t i = 0; good && i < simulation->scenario->link_count; i++)
        if (experiment->capture_links[i])
            good = simulation_capture(simulation, i, directory, error);
    good = good && security_write_keys(simulation, directory, error);
    g_free(directory);
    return good;
}

/* Keys again: the timeline may have given others. */
static bool finish_captures(const struct experiment *experiment, struct simulation *simulation,
                            struct run_key key, GError **error)
{
    char *directory = experiment->capture_directory ? capture_directory(experiment, key) : NULL;
    bool good = simulation_finish_captures(simulation, error) &&
                (!directory || security_write_keys(simulation, directory, error));
    g_free(directory);
    return good;
}

static void take_reference(const struct runner *runner, struct run_result *result, struct recorder *recorder)
{
    result->reference = g_string_new(NULL);
    reference_append_run(result->reference, recorder, runner->settings,
                         runner->experiment->scenario->axis_count, result->key.point,
                         result->key.replication);
}

static struct run_result *run_once(const struct runner *runner, struct run_key key)
{
    const struct experiment *experiment = runner->experiment;
    GError *error = NULL;
    struct run_result *result = NULL;
    struct recorder recorder;
    recorder_init(&recorder, runner->scenario, experiment->level);
    if (experiment->reference)
        recorder_take_fingerprint(&recorder);
    struct network_observer observer = recorder_observer(&recorder);
    struct simulation *simulation =
        simulation_new(runner->scenario, experiment->seed, key.replication, &observer, &error);
    recorder_watch(&recorder, simulation);
    if (simulation && start_captures(experiment, simulation, key, &error)) {
        simulation_run(simulation);
        recorder_finish(&recorder);
        if (finish_captures(experiment, simulation, key, &error))
            result = run_result_new(&recorder, simulation, key);
    }
    if (result && experiment->reference)
        take_reference(runner, result, &recorder);
    simulation_free(simulation);
    recorder_free(&recorder);
    return result ? result : failed(key, error);
}

/* NULL: the runner is at the point. */
static GError *go_to(struct runner *runner, uint32_t point)
{
    const struct experiment *experiment = runner->experiment;
    if (runner->scenario && runner->point == point)
        return NULL;
    GError *error = NULL;
    struct scenario_messages *messages = scenario_messages_new();
    scenario_free(runner->scenario);
    scenario_point(experiment->scenario, point, runner->settings);
    runner->scenario =
        scenario_build_point(experiment->source, experiment->scenario, runner->settings, messages);
    runner->point = point;
    if (!runner->scenario) {
        char *text = scenario_messages_to_string(messages);
        error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_FAILED, "point %u: %s", point, text);
        g_free(text);
    }
    scenario_messages_free(messages);
    return error;
}

struct run_result *runner_run(struct runner *runner, struct run_key key)
{
    GError *error = go_to(runner, key.point);
    return error ? failed(key, error) : run_once(runner, key);
}
