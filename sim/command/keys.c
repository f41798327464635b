/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.c - `mip6sim keys [KIND]`: what a scenario can say, from the very table by which scenarios are read.
 */
#include <stdio.h>

#include <glib.h>

#include "sim/command/command.h"
#include "sim/scenario/keys.h"

static const char summary[] = "Prints every section and key that a scenario can have: type, range, default "
                              "and meaning. With the name of a kind of\n"
                              "section, only its keys.";

static const char description[] =
    "Examples:\n"
    "  mip6sim keys                     everything\n"
    "  mip6sim keys access-lan          what an [access-lan NAME] section can say\n"
    "  mip6sim keys --markdown          the tables of doc/scenario-reference.md\n"
    "\n"
    "Values:\n"
    "  duration      40ms, 1.5s, 250us, 10ns, 2min, 1h\n"
    "  distribution  a duration, uniform(40ms, 80ms), exponential(20ms), normal(50ms, 10ms), lognormal(50ms, "
    "10ms),\n"
    "                empirical(FILE)\n"
    "  rate          64kbit/s, 100Mbit/s, 1Gbit/s\n"
    "  size          160B, 1kB, 1KiB\n"
    "  probability   0.01, 1%";

static int print_keys(bool markdown, const char *kind_name)
{
    enum section_kind kind = SECTION_KINDS;
    if (kind_name) {
        kind = scenario_section_kind(kind_name);
        if (kind == SECTION_KINDS) {
            const char *words[SECTION_KINDS + 1];
            for (unsigned i = 0; i < SECTION_KINDS; i++)
                words[i] = scenario_section_kinds[i].name;
            words[SECTION_KINDS] = NULL;
            const char *meant = scenario_probably_meant(kind_name, words);
            char *all = g_strjoinv(", ", (char **)words);
            if (meant)
                command_complain("keys", "there is no kind of section \"%s\"; did you mean \"%s\"?",
                                 kind_name, meant);
            else
                command_complain("keys", "there is no kind of section \"%s\" (there are %s)", kind_name, all);
            g_free(all);
            return STATUS_INPUT;
        }
    }
    GString *text = g_string_new(NULL);
    if (markdown)
        scenario_keys_print_markdown(text);
    else
        scenario_keys_print_text(text, kind);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    return fflush(stdout) == 0 ? STATUS_GOOD : STATUS_FAILED;
}

int command_keys(int argc, char **argv)
{
    gboolean markdown = FALSE;
    char **kinds = NULL;
    const GOptionEntry options[] = {
        {"markdown", 0, 0, G_OPTION_ARG_NONE, &markdown, "Print tables in Markdown, as in the reference page",
         NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &kinds, NULL, "[KIND]"},
        G_OPTION_ENTRY_NULL,
    };
    int status = STATUS_INPUT;
    bool good = command_parse("keys", command_options(summary, description, options), argc, argv);
    if (good && kinds && kinds[1])
        command_complain("keys", "one kind of section at a time (see: mip6sim keys --help)");
    else if (good)
        status = print_keys(markdown, kinds ? kinds[0] : NULL);
    g_strfreev(kinds);
    return status;
}
