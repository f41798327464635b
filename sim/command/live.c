/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.c - mip6sim live: a scenario against the wall clock, its LANs joined to TAP interfaces.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/engine/duration.h"
#include "sim/experiment/result_directory.h"
#include "sim/live/control.h"
#include "sim/live/file_store.h"
#include "sim/live/journal.h"
#include "sim/live/live.h"
#include "sim/live/show.h"
#include "sim/network/capture.h"
#include "sim/network/fault.h"
#include "sim/network/security.h"
#include "sim/output/attacks.h"
#include "sim/output/expectations.h"
#include "sim/output/faults.h"
#include "sim/output/summary.h"
#include "sim/scenario/order.h"
#include "sim/scenario/scenario.h"

struct options {
    char **set;
    char **taps;
    char *duration;
    char *log;
    char *out;
    char *seed;
    char *control;  /* path; NULL: none */
    char *store;    /* directory; NULL: stable storage is memory */
    char **records; /* LAN=FILE */
    char *journal;  /* path; NULL: none */
    char *captures; /* comma-separated, or all; NULL: none */
    gboolean reproducible;
    char **paths;
};

#define MESSAGES_KEPT                                                                                        \
    100000 /* rows of messages.csv: who is outside may send what they like for as long as they like */

/* One scenario against the clock, from its file to its results. */
struct session {
    const struct options *options;
    struct scenario_source *source;
    struct scenario *scenario;
    char *directory;  /* NULL: no results are written */
    time_ns duration; /* the scenario's */
    uint64_t seed;
    enum log_level level;
    struct recorder recorder;
    struct simulation *simulation;
    struct live *live;
    struct control *control;
    struct journal_writer *journal;
    GPtrArray *records; /* of struct capture */
    bool captured;      /* some link is, into the directory: the keys of ESP go there as well */
    struct file_store *store;
    struct scenario_setting *settings; /* of the sweep's first point */
    struct scenario_orders *orders;    /* given while it runs */
};

static const char summary[] =
    "Runs a scenario in real time: the same nodes, served by the same machines, but a second takes a second. "
    "LANs can be\n"
    "joined to TAP interfaces, so that a real host, tcpdump or a tester meets the nodes there.";

static const char description[] =
    "An interface that is there is attached to, any other is made, in the network namespace that the program "
    "is started\n"
    "in; this needs CAP_NET_ADMIN. What comes in through a TAP is treated as from a station of that LAN: its "
    "delay, rate and\n"
    "loss apply. SIGINT and SIGTERM end it with the results so far.\n"
    "\n"
    "Node keys, nonces, cookies and the seed of all else come from the system's generator, unless "
    "--reproducible says\n"
    "that they are to be drawn as mip6sim run does.\n"
    "\n"
    "Examples:\n"
    "  mip6sim live scenarios/live/home.ini --tap home=tap0 --log=info\n"
    "  mip6sim live scenarios/first-handover.ini --reproducible --out results/live\n"
    "\n"
    "Exit status: 0 done, 1 it failed (privileges, results), 2 something in the input is wrong, 3 what the "
    "scenario\n"
    "expects ([expect]) does not hold.";

static int fail(GError *error)
{
    command_complain("live", "%s", error->message);
    g_error_free(error);
    return STATUS_FAILED;
}

#define complain(...) command_complain("live", __VA_ARGS__)

/* -- what the options say -- */

/* The LAN of this name; SCENARIO_NONE: told. */
static uint32_t find_link(const struct scenario *scenario, const char *option, const char *name, bool lan)
{
    const char **known = g_new0(const char *, scenario->link_count + 1);
    uint32_t found = SCENARIO_NONE, count = 0;
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        if (!lan || scenario->links[i].kind != SCENARIO_POINT_TO_POINT)
            known[count++] = scenario->links[i].name;
        if (strcmp(scenario->links[i].name, name) == 0)
            found = i;
    }
    const char *meant = found == SCENARIO_NONE ? scenario_probably_meant(name, known) : NULL;
    if (found == SCENARIO_NONE && meant) {
        complain("--%s: there is no %s '%s'; did you mean '%s'?", option, lan ? "LAN" : "link", name, meant);
    } else if (found == SCENARIO_NONE) {
        char *all = g_strjoinv(", ", (char **)known);
        complain("--%s: there is no %s '%s' (there %s: %s)", option, lan ? "LAN" : "link", name,
                 count == 1 ? "is" : "are", count ? all : "none");
        g_free(all);
    } else if (lan && scenario->links[found].kind == SCENARIO_POINT_TO_POINT) {
        complain("--%s: '%s' is a point-to-point link; a TAP carries Ethernet, and is joined to a LAN",
                 option, name);
        found = SCENARIO_NONE;
    }
    g_free(known);
    return found;
}

static bool check_interface_name(const char *name)
{
    GError *error = NULL;
    if (tap_check_name(name, &error))
        return true;
    complain("--tap: %s", error->message);
    g_error_free(error);
    return false;
}

/* LAN=IFNAME of each --tap; all are judged before any is opened. */
static bool check_taps(const struct session *session)
{
    bool good = true;
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *lans = g_hash_table_new(NULL, NULL);
    for (char **tap = session->options->taps; tap && *tap; tap++) {
        const char *equals = strchr(*tap, '=');
        if (!equals || equals == *tap || !equals[1]) {
            complain("--tap: '%s' is not LAN=IFNAME", *tap);
            good = false;
            continue;
        }
        char *lan = g_strndup(*tap, (gsize)(equals - *tap));
        uint32_t link = find_link(session->scenario, "tap", lan, true);
        good &= link != SCENARIO_NONE;
        if (link != SCENARIO_NONE && !g_hash_table_add(lans, GUINT_TO_POINTER(link))) {
            complain("--tap: the LAN '%s' is named twice; join further interfaces to its TAP by a bridge",
                     lan);
            good = false;
        }
        g_free(lan);
        good &= check_interface_name(equals + 1);
        if (!g_hash_table_add(names, (gpointer)(equals + 1))) {
            complain("--tap: the interface '%s' is named twice", equals + 1);
            good = false;
        }
    }
    g_hash_table_destroy(lans);
    g_hash_table_destroy(names);
    return good;
}

/* The interface that the LAN is to be joined to; NULL: none. */
static const char *interface_of(const struct session *session, const char *lan)
{
    for (char **tap = session->options->taps; tap && *tap; tap++)
        if (strncmp(*tap, lan, strlen(lan)) == 0 && (*tap)[strlen(lan)] == '=')
            return *tap + strlen(lan) + 1;
    return NULL;
}

/* In the order of the LANs, not of the options: a replay does the same. */
static bool open_taps(struct session *session, GError **error)
{
    for (uint32_t i = 0; i < session->scenario->link_count; i++) {
        const char *interface = interface_of(session, session->scenario->links[i].name);
        if (interface && !live_add_tap(session->live, i, interface, error))
            return false;
    }
    return true;
}

/* Reads the scenario; of a sweep, its first point. A duration beyond the scenario's replaces it. NULL: told.
 * */
static struct scenario *read_scenario(struct session *session, const char *path, const char *duration)
{
    GPtrArray *set = g_ptr_array_new_with_free_func(g_free);
    for (char **each = session->options->set; each && *each; each++)
        g_ptr_array_add(set, g_strdup(*each));
    if (duration)
        g_ptr_array_add(set, g_strdup_printf("scenario / duration = %s", duration));
    g_ptr_array_add(set, NULL);
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario *scenario =
        scenario_read(path, (const char *const *)set->pdata, &session->source, messages);
    char *text = scenario_messages_to_string(messages);
    g_printerr("%s", text);
    g_free(text);
    scenario_messages_free(messages);
    g_ptr_array_free(set, TRUE);
    return scenario;
}

/* When it ends. False: told. */
static bool find_end(struct session *session, time_ns *end)
{
    const char *text = session->options->duration;
    GError *error = NULL;
    session->duration = *end = session->scenario->duration;
    if (!text)
        return true;
    bool forever = strcmp(text, "forever") == 0;
    *end = SECONDS(10) * 365 * 24 * 3600;
    if (!forever && (!duration_parse(text, end, &error) || *end <= 0)) {
        complain("--duration: %s (or forever)", error ? error->message : "it must be more than 0s");
        g_clear_error(&error);
        return false;
    }
    if (*end <= session->scenario->duration)
        return true;
    char *path = g_strdup(session->scenario->path);
    char longer[DURATION_TEXT_SIZE];
    scenario_free(session->scenario);
    scenario_source_free(session->source);
    session->source = NULL;
    session->scenario = read_scenario(session, path, duration_format(*end, longer));
    g_free(path);
    return session->scenario != NULL;
}

static bool check_captures(const struct session *session)
{
    if (!session->options->captures || strcmp(session->options->captures, "all") == 0)
        return true;
    char **names = g_strsplit(session->options->captures, ",", -1);
    bool good = true;
    for (char **name = names; *name; name++)
        good &= find_link(session->scenario, "pcap", g_strstrip(*name), false) != SCENARIO_NONE;
    g_strfreev(names);
    return good;
}

static bool is_captured(const struct session *session, const struct scenario_link *link)
{
    const char *captures = session->options->captures;
    if (session->scenario->capture_all || link->capture)
        return true;
    if (!captures)
        return false;
    char **names = g_strsplit(captures, ",", -1);
    bool is = strcmp(captures, "all") == 0;
    for (char **name = names; *name; name++)
        is |= strcmp(g_strstrip(*name), link->name) == 0;
    g_strfreev(names);
    return is;
}

static bool start_captures(struct session *session, GError **error)
{
    for (uint32_t i = 0; i < session->scenario->link_count; i++) {
        if (!is_captured(session, &session->scenario->links[i]))
            continue;
        session->captured = true;
        if (!simulation_capture(session->simulation, i, session->directory, error))
            return false;
    }
    return !session->captured || security_write_keys(session->simulation, session->directory, error);
}

/* -- randomness -- */

static void system_octets(void *octets, size_t length)
{
    uint8_t *at = octets;
    while (length > 0) {
        ssize_t got = getrandom(at, length, 0);
        if (got <= 0)
            continue; /* a signal, before there was any; there is no other reason */
        at += got;
        length -= (size_t)got;
    }
}

static void draw_from_system(void *context, uint32_t node, enum random_purpose purpose, void *octets,
                             size_t length)
{
    const struct session *session = context;
    system_octets(octets, length);
    if (session->journal)
        journal_draw(session->journal, node, purpose, octets, length);
}

static bool find_seed(struct session *session)
{
    uint64_t number = session->scenario->seed;
    if (session->options->seed) {
        if (!command_parse_number("live", "seed", session->options->seed, 0, UINT64_MAX, &number))
            return false;
    } else if (!session->options->reproducible) {
        system_octets(&number, sizeof number);
    }
    session->seed = number;
    return true;
}

/* -- the control socket -- */

static bool check_control(const struct session *session)
{
    GError *error = NULL;
    if (!session->options->control || control_check_path(session->options->control, &error))
        return true;
    complain("--control: %s", error->message);
    g_error_free(error);
    return false;
}

/* -- recording -- */

/* LAN=FILE of each --record. */
static bool check_records(const struct session *session)
{
    bool good = true;
    GHashTable *lans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTable *files = g_hash_table_new(g_str_hash, g_str_equal);
    for (char **record = session->options->records; record && *record; record++) {
        const char *equals = strchr(*record, '=');
        char *lan = equals ? g_strndup(*record, (gsize)(equals - *record)) : NULL;
        bool named = equals && equals[1] && interface_of(session, lan);
        if (!named)
            complain("--record: '%s' is not LAN=FILE, the LAN one with a --tap", *record);
        else if (g_hash_table_contains(lans, lan))
            complain("--record: the LAN '%s' is named twice", lan);
        else if (g_hash_table_contains(files, equals + 1))
            complain("--record: the file '%s' is named twice", equals + 1);
        else if (g_hash_table_add(lans, g_steal_pointer(&lan)) &&
                 g_hash_table_add(files, (gpointer)(equals + 1)))
            continue;
        good = false;
        g_free(lan);
    }
    g_hash_table_destroy(files);
    g_hash_table_destroy(lans);
    return good;
}

/* The TAP of the LAN whose name stands before the '=': there is one. */
static unsigned tap_of(const struct session *session, const char *record)
{
    unsigned tap = 0;
    for (;; tap++) {
        uint32_t link;
        live_tap(session->live, tap, &link);
        const char *name = session->scenario->links[link].name;
        if (strncmp(name, record, strlen(name)) == 0 && record[strlen(name)] == '=')
            return tap;
    }
}

static bool start_records(struct session *session, GError **error)
{
    session->records = g_ptr_array_new();
    for (char **record = session->options->records; record && *record; record++) {
        unsigned tap = tap_of(session, *record);
        struct capture *capture = capture_open(strchr(*record, '=') + 1, true, error);
        if (!capture)
            return false;
        g_ptr_array_add(session->records, capture);
        live_record(session->live, tap, capture);
    }
    return true;
}

/* Nothing is recorded any more. */
static bool finish_records(struct session *session, GError **error)
{
    bool good = true;
    for (unsigned i = 0; i < live_tap_count(session->live); i++)
        live_record(session->live, i, NULL);
    while (session->records->len > 0)
        good = capture_finish(g_ptr_array_steal_index(session->records, 0), good ? error : NULL) && good;
    time_ns end = network_now(session->simulation->network);
    return journal_close(g_steal_pointer(&session->journal), end, good ? error : NULL) && good;
}

static void begun(void *context, int64_t wall_clock)
{
    const struct session *session = context;
    if (session->journal)
        journal_begun(session->journal, wall_clock);
}

static void back(void *context, time_ns now, uint32_t link)
{
    const struct session *session = context;
    journal_back(session->journal, now, link);
}

static void ordered(void *context, time_ns now, const char *key, const char *value,
                    const struct scenario_order *order)
{
    struct session *session = context;
    for (unsigned i = 0; i < order->action_count; i++)
        directory_enter_action(&session->recorder.directory, order->actions[i]);
    if (session->journal)
        journal_order(session->journal, now, key, value);
}

/* -- telling -- */

static void print_log(void *context, const char *lines)
{
    (void)context;
    fputs(lines, stderr);
}

static void print_warning(void *context, const char *line)
{
    (void)context;
    complain("%s", line);
}

static void tell_live(const struct session *session)
{
    GString *text = g_string_new(NULL);
    show_append_lag(session->live, text);
    fputs(text->str, stdout);
    if (session->recorder.signalling.omitted)
        printf("messages.csv has the first %d mobility messages; %" G_GUINT64_FORMAT " more are not in it\n",
               MESSAGES_KEPT, session->recorder.signalling.omitted);
    g_string_truncate(text, 0);
    show_append_taps(session->live, session->scenario, text);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
}

/* Records and captures; what cannot be written is told, and is no reason to lose the results as well. */
static int finish_captures(struct session *session)
{
    GError *error = NULL;
    int status = STATUS_GOOD;
    if (!finish_records(session, &error))
        status = fail(g_steal_pointer(&error));
    if (!simulation_finish_captures(session->simulation, &error) ||
        (session->captured && !security_write_keys(session->simulation, session->directory, &error)))
        status = fail(error);
    return status;
}

/* The same files as mip6sim run writes, and the same tables. */
static int write_results(struct session *session)
{
    GError *error = NULL;
    const struct run_key key = {0, 0};
    recorder_finish(&session->recorder);
    struct study *study = study_new(session->source, session->scenario, session->seed);
    study->table_wanted[TABLE_FAULTS] |= faults_at(session->simulation, 0) != NULL; /* ordered while it ran */
    struct run_result *result = run_result_new(&session->recorder, session->simulation, key);
    struct result_directory *results = result_directory_open(session->directory, study, &error);
    bool good = results && result_directory_enter(results, result, &error);
    if (good)
        good = result_directory_close(results, 0, 1, &error);
    else
        result_directory_abandon(results);
    run_result_free(result);
    study_free(study);
    return good ? STATUS_GOOD : fail(error);
}

static bool append_attacks(const struct session *session, GString *text, GError **error)
{
    if (session->scenario->attack_total == 0)
        return true;
    struct attacks *attacks = attacks_new();
    bool good = attacks_add(attacks, session->directory, error);
    if (good) {
        g_string_append_c(text, '\n');
        attacks_append_prices(attacks, text);
    }
    attacks_free(attacks);
    return good;
}

/* An end before the scenario's may come before what it expects. */
static void append_early_end(const struct session *session, GString *complaints)
{
    time_ns end = network_now(session->simulation->network);
    char at[DURATION_TEXT_SIZE], duration[DURATION_TEXT_SIZE];
    if (end < session->duration)
        g_string_append_printf(
            complaints,
            "mip6sim live: it ended at %s, the scenario at %s: what is expected is judged by what has "
            "happened until then\n",
            duration_format(end, at), duration_format(session->duration, duration));
}

static int tell(const struct session *session)
{
    GError *error = NULL;
    struct expectations_tally tally = {0};
    GString *text = g_string_new(NULL), *complaints = g_string_new(NULL);
    bool good = summary_append(session->directory, text, &error) && append_attacks(session, text, &error);
    if (good && session->scenario->fault_count)
        good = faults_append_idle(session->directory, session->scenario, complaints, &error);
    if (good && session->scenario->expectation_count) {
        append_early_end(session, complaints);
        g_string_append_c(text, '\n');
        good = expectations_append(session->directory, session->scenario, text, complaints, &tally, &error);
    }
    fputs(text->str, stdout);
    tell_live(session);
    printf("Results: %s\n", session->directory);
    fflush(stdout);
    g_printerr("%s", complaints->str);
    g_string_free(text, TRUE);
    g_string_free(complaints, TRUE);
    if (!good)
        return fail(error);
    return tally.failed ? STATUS_EXPECTATION : STATUS_GOOD;
}

/* -- all of it -- */

static char *result_path(const struct session *session, const char *path)
{
    if (session->options->out)
        return g_strdup(session->options->out);
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    char *file = g_strconcat(name, "-live", NULL);
    char *directory = g_build_filename("results", file, NULL);
    g_free(file);
    g_free(name);
    return directory;
}

static bool restore(void *context, struct network_node *node, GError **error)
{
    const struct session *session = context;
    return file_store_read(session->store, node, error);
}

static int stored(void *context, struct network_node *node)
{
    const struct session *session = context;
    bool first = !file_store_failure(session->store);
    int result = file_store_write(session->store, node);
    if (result != 0 && first)
        complain("%s", file_store_failure(session->store));
    return result;
}

/* Whoever finds out at the end that nothing can be written there has waited in vain. */
static bool make_directory(const char *path)
{
    bool there = g_mkdir_with_parents(path, 0777) == 0;
    if (there && access(path, W_OK | X_OK) == 0)
        return true;
    complain(there ? "%s: nothing can be written there: %s" : "%s: cannot make this directory: %s", path,
             g_strerror(errno));
    return false;
}

/* Which part of what the scenario says this run is, and what in it nobody does. */
static void tell_beginning(const struct session *session)
{
    const struct scenario *scenario = session->scenario;
    uint32_t points = scenario_point_count(scenario);
    complain("%s runs", scenario->path);
    if (points > 1) {
        GString *text = g_string_new(NULL);
        for (uint32_t i = 0; i < scenario->axis_count; i++)
            g_string_append_printf(text, "%s%s / %s = %s", i ? "; " : "", session->settings[i].section,
                                   session->settings[i].key, session->settings[i].value);
        complain("of the sweep's %u points only the first: %s", points, text->str);
        g_string_free(text, TRUE);
    }
    if (scenario->replications > 1)
        complain("of %u replications only the first", scenario->replications);
    for (uint32_t i = 0; i < scenario->flow_count; i++) {
        const struct scenario_node *from = &scenario->nodes[scenario->flows[i].from.node];
        if (from->external)
            complain("flow %s: \"%s\" is external: what it sends comes from outside, or not at all",
                     scenario->flows[i].name, from->name);
    }
}

static int run(struct session *session, time_ns end)
{
    GError *error = NULL;
    struct network_resources resources = {.context = session};
    session->recorder.signalling.limit = MESSAGES_KEPT;
    if (!session->options->reproducible)
        resources.random = draw_from_system;
    if (session->options->journal) {
        session->journal = journal_create(session->options->journal, session->seed, &error);
        if (!session->journal)
            return fail(error);
    }
    if (session->options->store) {
        session->store = file_store_open(session->options->store, session->scenario, &error);
        if (!session->store)
            return fail(error);
        resources.restore = restore;
        resources.stored = stored;
    }
    struct network_observer observer = recorder_observer(&session->recorder);
    session->simulation =
        simulation_new_with(session->scenario, session->seed, 0, &observer, &resources, &error);
    if (!session->simulation)
        return fail(error);
    recorder_watch(&session->recorder, session->simulation);
    const struct live_configuration configuration = {
        .simulation = session->simulation,
        .recorder = &session->recorder,
        .end = end,
        .log = print_log,
        .warn = print_warning,
        .begun = begun,
        .back = session->journal ? back : NULL,
        .context = session,
    };
    session->live = live_new(&configuration, &error);
    if (!session->live || !open_taps(session, &error))
        return fail(error);
    if (!make_directory(session->directory))
        return STATUS_FAILED;
    if (!start_captures(session, &error) || !start_records(session, &error))
        return fail(error);
    if (session->options->control) {
        session->control = control_new(session->live, session->options->control, session->simulation,
                                       session->source, session->orders, ordered, session, &error);
        if (!session->control)
            return fail(error);
    }
    tell_beginning(session);
    if (!live_run(session->live, &error))
        return fail(error);
    int captured = finish_captures(session), status = write_results(session);
    if (status == STATUS_GOOD)
        status = tell(session);
    if (session->store && file_store_failure(session->store))
        return fail(
            g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_FAILED, file_store_failure(session->store)));
    return captured == STATUS_GOOD ? status : captured;
}

static int run_session(const struct options *options)
{
    struct session session = {.options = options};
    int status = STATUS_INPUT;
    time_ns end;
    if (options->log && !log_level_parse(options->log, &session.level)) {
        complain("--log: '%s' is not one of none, info, debug, trace", options->log);
        return STATUS_INPUT;
    }
    session.scenario = read_scenario(&session, options->paths[0], NULL);
    if (session.scenario && find_end(&session, &end) && check_taps(&session) && check_records(&session) &&
        check_captures(&session) && check_control(&session) && find_seed(&session)) {
        session.directory = result_path(&session, options->paths[0]);
        recorder_init(&session.recorder, session.scenario, session.level);
        session.settings = g_new0(struct scenario_setting, session.scenario->axis_count + 1);
        scenario_point(session.scenario, 0, session.settings);
        session.orders = scenario_orders_new(session.source, session.settings, session.scenario->axis_count);
        status = run(&session, end);
        control_free(session.control);
        journal_close(session.journal, 0, NULL); /* of what has failed */
        for (guint i = 0; session.records && i < session.records->len; i++)
            capture_abandon(g_ptr_array_index(session.records, i));
        if (session.records)
            g_ptr_array_free(session.records, TRUE);
        live_free(session.live);
        simulation_free(session.simulation);
        recorder_free(&session.recorder);
        file_store_close(session.store);
        scenario_orders_free(session.orders);
        g_free(session.settings);
    }
    g_free(session.directory);
    scenario_free(session.scenario);
    scenario_source_free(session.source);
    return status;
}

static void options_clear(struct options *options)
{
    g_strfreev(options->set);
    g_strfreev(options->taps);
    g_free(options->duration);
    g_free(options->log);
    g_free(options->out);
    g_free(options->seed);
    g_free(options->control);
    g_strfreev(options->records);
    g_free(options->journal);
    g_free(options->store);
    g_free(options->captures);
    g_strfreev(options->paths);
}

int command_live(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"tap", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.taps,
         "Join the LAN to this TAP interface; may be repeated", "LAN=IFNAME"},
        {"duration", 0, 0, G_OPTION_ARG_STRING, &options.duration,
         "End after this time, or never (forever), instead of the scenario's duration", "TIME"},
        {"log", 0, 0, G_OPTION_ARG_STRING, &options.log,
         "Tell each protocol step on standard error as it happens: info, debug, trace", "LEVEL"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "Directory of results (results/NAME-live)", "DIR"},
        {"pcap", 0, 0, G_OPTION_ARG_STRING, &options.captures,
         "Capture these links, or all, into the directory", "LINK,..."},
        {"control", 0, 0, G_OPTION_ARG_FILENAME, &options.control,
         "Take orders at this Unix socket (mip6sim ctl)", "SOCKET"},
        {"reproducible", 0, 0, G_OPTION_ARG_NONE, &options.reproducible,
         "Draw keys, nonces and cookies as mip6sim run does", NULL},
        {"store", 0, 0, G_OPTION_ARG_FILENAME, &options.store,
         "Nodes' stable storage is files in this directory, and outlives the program", "DIR"},
        {"record", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.records,
         "Capture what goes through the LAN's TAP, for mip6sim replay; may be repeated", "LAN=FILE"},
        {"record-random", 0, 0, G_OPTION_ARG_FILENAME, &options.journal,
         "Write down random octets and orders, for mip6sim replay", "FILE"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "Seed of what is drawn, instead of the scenario's",
         "N"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
         "Replace a key of the scenario; may be repeated", "'SECTION / KEY = VALUE'"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "SCENARIO"},
        G_OPTION_ENTRY_NULL,
    };
    int status = STATUS_INPUT;
    if (!command_parse("live", command_options(summary, description, entries), argc, argv))
        ; /* told */
    else if (!options.paths || options.paths[1])
        complain("%s (see: mip6sim live --help)",
                 options.paths ? "one scenario at a time" : "which scenario?");
    else
        status = run_session(&options);
    options_clear(&options);
    return status;
}
