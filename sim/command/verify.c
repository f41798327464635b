/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.c - mip6sim verify: is the timing of these scenarios what it was?
 *
 * Each scenario is run with its own seed, the first replication of each point, and held against a reference
 * that has been kept (experiment/reference.h). A reference is found by the scenario's name: scenarios/a/b.ini
 * has DIR/a/b.txt.
 *
 * For CI systems the same is told as JUnit's XML and as TAP: a test for each run, named by what the sweep
 * set.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/experiment/experiment.h"
#include "sim/experiment/reference.h"
#include "sim/format/output_directory.h"
#include "sim/scenario/scenario.h"

#define DIFFERENCES_TOLD 20 /* of a run, unless --all */

static const char summary[] =
    "Runs each scenario with its own seed (the first replication of each point of its sweep) and holds every "
    "instant of every\n"
    "handover, packets, messages and two fingerprints against the reference kept for it. Tells what has "
    "moved, "
    "from what to\n"
    "what, and the first message that differs.";

static const char description[] =
    "The fingerprints: \"everything\" stands for all frames and all events with their times, \"wire\" for "
    "the "
    "frames' octets\n"
    "alone: if only \"everything\" differs, only timing has changed.\n"
    "\n"
    "Examples:\n"
    "  mip6sim verify scenarios/*.ini\n"
    "  mip6sim verify --update scenarios/first-handover.ini && git diff results/reference\n"
    "  mip6sim verify --junit verify.xml scenarios/*.ini scenarios/*/*.ini\n"
    "\n"
    "Exit status: 0 all is as it was; 1 something could not be run or written; 2 the command line or a "
    "scenario is wrong, or\n"
    "there is no reference yet; 4 something differs.";

struct options {
    char **set;
    char **paths;
    char *references;
    char *junit;
    char *jobs;
    gboolean update, tap, quiet, all;
};

/* One run as CI systems are told of it. */
struct verdict {
    char *scenario;
    char *run;
    GString *differences; /* lines; NULL: it is as it was */
    bool not_held;        /* there was nothing to hold against anything; the lines say why */
};

struct verification {
    const struct options *options;
    unsigned jobs;
    GPtrArray *verdicts;    /* struct verdict */
    GHashTable *tolerances; /* of the scenario that is judged now: column -> double * */
};

static void verdict_free(void *data)
{
    struct verdict *verdict = data;
    g_free(verdict->scenario);
    g_free(verdict->run);
    if (verdict->differences)
        g_string_free(verdict->differences, TRUE);
    g_free(verdict);
}

/* -- references -- */

/* scenarios/a/b.ini -> "a/b"; anything else by its last part. */
static char *reference_name(const char *path)
{
    const char *from = g_strrstr(path, "scenarios/");
    char *name = from && (from == path || from[-1] == '/') ? g_strdup(from + strlen("scenarios/"))
                                                           : g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name && !strchr(dot, '/'))
        *dot = '\0';
    return name;
}

static char *reference_path(const struct options *options, const char *path)
{
    char *name = reference_name(path);
    char *file = g_strconcat(name, ".txt", NULL);
    char *reference =
        g_build_filename(options->references ? options->references : "results/reference", file, NULL);
    g_free(file);
    g_free(name);
    return reference;
}

static bool enter(void *context, const struct run_result *result, GError **error)
{
    (void)error;
    g_string_append_len(context, result->reference->str, (gssize)result->reference->len);
    return true;
}

/* What the scenario's timing is now; NULL and error. */
static GString *measure(const struct verification *verification, const struct scenario_source *source,
                        const struct scenario *scenario, GError **error)
{
    struct experiment experiment = {
        .source = source,
        .scenario = scenario,
        .seed = scenario->seed,
        .jobs = verification->jobs,
        .reference = true,
    };
    struct run_key *runs = experiment_all_runs(scenario, 0, 1, &experiment.run_count);
    experiment.runs = runs;
    char *name = reference_name(scenario->path);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text,
                           "# The timing of %s. Made by: mip6sim verify --update\n"
                           "seed = %" G_GUINT64_FORMAT "\n",
                           name, scenario->seed);
    g_free(name);
    const struct experiment_sink sink = {.context = text, .enter = enter};
    bool good = experiment_run(&experiment, &sink, error);
    g_free(runs);
    if (good)
        return text;
    g_string_free(text, TRUE);
    return NULL;
}

static bool write_reference(const char *path, const GString *text, GError **error)
{
    char *directory = g_path_get_dirname(path);
    bool good = output_directory_make(directory, error);
    g_free(directory);
    return good && g_file_set_contents(path, text->str, (gssize)text->len, error);
}

/* -- telling -- */

/* "point 3, replication 0: " stands before what a section is about. */
static char *run_of(const char *section)
{
    const char *colon = strchr(section, ':');
    return colon ? g_strndup(section, (gsize)(colon - section)) : g_strdup("the whole");
}

static struct verdict *add_verdict(struct verification *verification, const char *path, char *run)
{
    struct verdict *verdict = g_new0(struct verdict, 1);
    verdict->scenario = reference_name(path);
    verdict->run = run;
    g_ptr_array_add(verification->verdicts, verdict);
    return verdict;
}

/* Seconds moved, if both are instants or durations. */
static void append_shift(GString *line, const struct reference_difference *difference)
{
    const char *before = difference->before, *now = difference->now;
    char *end;
    if (!before || !now || !strchr(before, '.') || !strchr(now, '.'))
        return;
    double a = g_ascii_strtod(before, &end);
    if (*end != '\0')
        return;
    double b = g_ascii_strtod(now, &end);
    if (*end == '\0')
        g_string_append_printf(line, " (%+.9f s)", b - a);
}

static void append_difference(GString *text, const struct reference_difference *difference)
{
    const char *about = strchr(difference->section, ':');
    about = about ? about + 2 : "the whole";
    if (strcmp(about, "messages") == 0)
        g_string_append_printf(text, "first message that differs, number %s:\n    was: %s\n    is:  %s",
                               difference->key, difference->before ? difference->before : "none",
                               difference->now ? difference->now : "none");
    else if (!difference->before)
        g_string_append_printf(text, "%s: %s: is %s, was not there", about, difference->key, difference->now);
    else if (!difference->now)
        g_string_append_printf(text, "%s: %s: was %s, is not there", about, difference->key,
                               difference->before);
    else
        g_string_append_printf(text, "%s: %s: was %s, is %s", about, difference->key, difference->before,
                               difference->now);
    append_shift(text, difference);
    g_string_append_c(text, '\n');
}

/* A verdict for each run that is there now, and for what is not there any more. */
static bool judge(struct verification *verification, const char *path, const struct reference *before,
                  const struct reference *now)
{
    GArray *differences = reference_compare(before, now, verification->tolerances);
    GHashTable *runs = g_hash_table_new(g_str_hash, g_str_equal); /* run -> verdict */
    bool good = differences->len == 0;
    for (guint i = 0; i < now->lines->len; i++) {
        char *run = run_of(g_array_index(now->lines, struct reference_line, i).section);
        if (*g_array_index(now->lines, struct reference_line, i).section == '\0' ||
            g_hash_table_contains(runs, run)) {
            g_free(run);
            continue;
        }
        struct verdict *verdict = add_verdict(verification, path, run);
        g_hash_table_insert(runs, verdict->run, verdict);
    }
    for (guint i = 0; i < differences->len; i++) {
        const struct reference_difference *difference =
            &g_array_index(differences, struct reference_difference, i);
        char *run = run_of(difference->section);
        struct verdict *verdict = g_hash_table_lookup(runs, run);
        if (!verdict) {
            verdict = add_verdict(verification, path, g_strdup(run));
            g_hash_table_insert(runs, verdict->run, verdict);
        }
        g_free(run);
        if (!verdict->differences)
            verdict->differences = g_string_new(NULL);
        append_difference(verdict->differences, difference);
    }
    g_hash_table_destroy(runs);
    g_array_unref(differences);
    return good;
}

/* Indented; not more lines than a person will read. */
static void print_differences(const struct verdict *verdict, bool all)
{
    char **lines = g_strsplit(verdict->differences->str, "\n", -1);
    guint count = g_strv_length(lines) - 1, told = all ? count : MIN(count, DIFFERENCES_TOLD);
    printf("  %s:\n", verdict->run);
    for (guint i = 0; i < told; i++)
        printf("    %s\n", lines[i]);
    if (told < count)
        printf("    and %u lines more (--all)\n", count - told);
    /* The first message that differs says most, and comes late. */
    for (guint i = told; i < count; i++)
        if (g_str_has_prefix(lines[i], "first message"))
            for (guint k = i; k < count && k < i + 3; k++)
                printf("    %s\n", lines[k]);
    g_strfreev(lines);
}

static void print_verdicts(const struct verification *verification, const char *path, guint from)
{
    guint different = 0;
    for (guint i = from; i < verification->verdicts->len; i++)
        different +=
            ((const struct verdict *)g_ptr_array_index(verification->verdicts, i))->differences != NULL;
    if (verification->options->tap)
        return;
    guint count = verification->verdicts->len - from;
    if (different == 0) {
        if (!verification->options->quiet)
            printf("%s: as it was (%u run%s)\n", path, count, count == 1 ? "" : "s");
        return;
    }
    printf("%s: %u of %u run%s differ%s\n", path, different, count, count == 1 ? "" : "s",
           different == 1 ? "s" : "");
    for (guint i = from; i < verification->verdicts->len; i++) {
        const struct verdict *verdict = g_ptr_array_index(verification->verdicts, i);
        if (verdict->differences)
            print_differences(verdict, verification->options->all);
    }
}

static void print_tap(const struct verification *verification)
{
    printf("TAP version 13\n1..%u\n", verification->verdicts->len);
    for (guint i = 0; i < verification->verdicts->len; i++) {
        const struct verdict *verdict = g_ptr_array_index(verification->verdicts, i);
        printf("%s %u - %s: %s\n", verdict->differences ? "not ok" : "ok", i + 1, verdict->scenario,
               verdict->run);
        if (!verdict->differences)
            continue;
        char **lines = g_strsplit(g_strchomp(verdict->differences->str), "\n", -1);
        for (char **line = lines; *line; line++)
            printf("# %s\n", *line);
        g_strfreev(lines);
    }
}

static bool write_junit(const struct verification *verification, GError **error)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    unsigned failures = 0, errors = 0;
    for (guint i = 0; i < verification->verdicts->len; i++) {
        const struct verdict *verdict = g_ptr_array_index(verification->verdicts, i);
        failures += verdict->differences && !verdict->not_held;
        errors += verdict->not_held;
    }
    g_string_append_printf(xml,
                           "<testsuite name=\"mip6sim verify\" tests=\"%u\" failures=\"%u\" errors=\"%u\">\n",
                           verification->verdicts->len, failures, errors);
    for (guint i = 0; i < verification->verdicts->len; i++) {
        const struct verdict *verdict = g_ptr_array_index(verification->verdicts, i);
        char *line = g_markup_printf_escaped("  <testcase classname=\"%s\" name=\"%s\"", verdict->scenario,
                                             verdict->run);
        g_string_append(xml, line);
        g_free(line);
        if (!verdict->differences) {
            g_string_append(xml, "/>\n");
            continue;
        }
        char *text = g_markup_escape_text(verdict->differences->str, -1);
        const char *element = verdict->not_held ? "error" : "failure";
        g_string_append_printf(xml, ">\n    <%s message=\"%s\">%s</%s>\n  </testcase>\n", element,
                               verdict->not_held ? "not verified" : "timing differs from the reference", text,
                               element);
        g_free(text);
    }
    g_string_append(xml, "</testsuite>\n");
    bool good = g_file_set_contents(verification->options->junit, xml->str, (gssize)xml->len, error);
    g_string_free(xml, TRUE);
    return good;
}

/* -- a scenario -- */

/* CI systems that read the outcome and not the exit status must not take what was not verified for good. */
static void note_not_held(struct verification *verification, const char *path, const char *why)
{
    struct verdict *verdict = g_new0(struct verdict, 1);
    verdict->scenario = reference_name(path);
    verdict->run = g_strdup("not verified");
    verdict->differences = g_string_new(why);
    verdict->not_held = true;
    g_ptr_array_add(verification->verdicts, verdict);
}

static int failed(int status, GError *error)
{
    fflush(stdout);
    command_complain("verify", "%s", error->message);
    g_error_free(error);
    return status;
}

static int update(const char *path, const char *reference_file, const GString *text)
{
    char *before = NULL;
    GError *error = NULL;
    bool same = g_file_get_contents(reference_file, &before, NULL, NULL) && strcmp(before, text->str) == 0;
    g_free(before);
    if (!same && !write_reference(reference_file, text, &error))
        return failed(output_directory_is_misnamed(error) ? STATUS_INPUT : STATUS_FAILED, error);
    printf("%s: %s %s\n", path, reference_file, same ? "is as it was" : "written");
    return STATUS_GOOD;
}

static int compare(struct verification *verification, const char *path, const char *reference_file,
                   GString *text)
{
    GError *error = NULL;
    struct reference *before = reference_read(reference_file, &error);
    if (!before) {
        if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
            g_clear_error(&error);
            error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOENT,
                                "%s: there is no reference, %s; --update makes it", path, reference_file);
        }
        note_not_held(verification, path, error->message);
        return failed(STATUS_INPUT, error);
    }
    struct reference *now = reference_parse(path, g_strdup(text->str), &error);
    int status = STATUS_FAILED;
    if (now) {
        guint from = verification->verdicts->len;
        status = judge(verification, path, before, now) ? STATUS_GOOD : STATUS_DIFFERENT;
        print_verdicts(verification, path, from);
    } else {
        note_not_held(verification, path, error->message);
        status = failed(STATUS_FAILED, error);
    }
    reference_free(now);
    reference_free(before);
    return status;
}

static int verify_scenario(struct verification *verification, const char *path)
{
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source = NULL;
    struct scenario *scenario =
        scenario_read(path, (const char *const *)verification->options->set, &source, messages);
    char *told = scenario_messages_to_string(messages);
    fflush(stdout);
    fputs(told, stderr);
    if (!scenario)
        note_not_held(verification, path, told);
    g_free(told);
    scenario_messages_free(messages);
    if (!scenario)
        return STATUS_INPUT;
    GError *error = NULL;
    g_hash_table_remove_all(verification->tolerances);
    for (uint32_t i = 0; i < scenario->tolerance_count; i++)
        g_hash_table_insert(verification->tolerances, (gpointer)scenario->tolerances[i].column,
                            &scenario->tolerances[i].by);
    GString *text = measure(verification, source, scenario, &error);
    if (!text)
        note_not_held(verification, path, error->message);
    char *reference_file = reference_path(verification->options, path);
    int status = !text                           ? failed(STATUS_FAILED, error)
                 : verification->options->update ? update(path, reference_file, text)
                                                 : compare(verification, path, reference_file, text);
    g_free(reference_file);
    if (text)
        g_string_free(text, TRUE);
    scenario_free(scenario);
    scenario_source_free(source);
    return status;
}

/* What is wrong with the input is worse than what differs, and a failure is worse than that. */
static int worse(int a, int b)
{
    static const int order[] = {STATUS_GOOD, STATUS_DIFFERENT, STATUS_INPUT, STATUS_FAILED};
    for (unsigned i = G_N_ELEMENTS(order); i-- > 0;)
        if (a == order[i] || b == order[i])
            return order[i];
    return a;
}

static int verify(const struct options *options)
{
    struct verification verification = {.options = options, .jobs = g_get_num_processors()};
    GError *error = NULL;
    uint64_t jobs = verification.jobs;
    if (options->jobs && !command_parse_number("verify", "jobs", options->jobs, 1, 1024, &jobs))
        return STATUS_INPUT;
    verification.jobs = (unsigned)jobs;
    verification.verdicts = g_ptr_array_new_with_free_func(verdict_free);
    verification.tolerances = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
    int status = STATUS_GOOD;
    for (char **path = options->paths; *path; path++)
        status = worse(status, verify_scenario(&verification, *path));
    if (options->tap)
        print_tap(&verification);
    if (options->junit && !write_junit(&verification, &error))
        status = worse(status, failed(STATUS_FAILED, error));
    g_ptr_array_unref(verification.verdicts);
    g_hash_table_destroy(verification.tolerances);
    return status;
}

int command_verify(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"update", 0, 0, G_OPTION_ARG_NONE, &options.update, "write the references anew, to be reviewed",
         NULL},
        {"references", 0, 0, G_OPTION_ARG_FILENAME, &options.references,
         "directory of references (results/reference)", "DIR"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
         "replace a key of the scenarios; may be repeated", "'SECTION / KEY = VALUE'"},
        {"junit", 0, 0, G_OPTION_ARG_FILENAME, &options.junit,
         "write the outcome as JUnit's XML (without --update)", "FILE"},
        {"tap", 0, 0, G_OPTION_ARG_NONE, &options.tap,
         "print the outcome as TAP, Test Anything Protocol (without --update)", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.all, "print every difference, not only the first of a run",
         NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "say nothing of what is as it was", NULL},
        {"jobs", 'j', 0, G_OPTION_ARG_STRING, &options.jobs,
         "runs at a time (as many as there are processors)", "N"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "SCENARIO..."},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("verify", command_options(summary, description, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && !options.paths) {
        command_complain("verify", "which scenario? (see: mip6sim verify --help)");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD && options.update && (options.junit || options.tap)) {
        command_complain("verify", "--update compares nothing: there is nothing to tell by --junit or --tap");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = verify(&options);
    g_strfreev(options.set);
    g_strfreev(options.paths);
    g_free(options.references);
    g_free(options.junit);
    g_free(options.jobs);
    return status;
}
