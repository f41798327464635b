/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * new.c - mip6sim new: a scenario to start from, complete and commented, that does something worth looking at
 * as it stands.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"

static const char summary[] =
    "Writes a commented scenario: a mobile node that leaves its home link for a visited one while a "
    "correspondent node talks to\n"
    "it. It runs as it stands; change what your question needs changed.";

static const char description[] =
    "Examples:\n"
    "  mip6sim new study.ini && mip6sim run study.ini\n"
    "  mip6sim new --template comparison study.ini && mip6sim run study.ini\n"
    "\n"
    "Exit status: 0 done; 1 it cannot be written; 2 the command line is wrong, or the "
    "file is there already.";

static const char network[] =
    "# -- the network --\n"
    "\n"
    "# The home link, and the home agent that is its router.\n"
    "[lan home]\n"
    "prefix = 2001:db8:1::/64\n"
    "[home-agent ha]\n"
    "attached = home\n"
    "\n"
    "# The link that the mobile node visits: an access network whose link-layer handover takes its time.\n"
    "[access-lan visited]\n"
    "prefix = 2001:db8:2::/64\n"
    "handover-delay = uniform(40ms, 80ms)\n"
    "router-advertisement-interval = 30ms..70ms\n"
    "[router access]\n"
    "attached = visited\n"
    "\n"
    "# What lies between: one router in the middle. The correspondent's delay counts for both ways to it.\n"
    "[router core]\n"
    "[point-to-point ha-core]\n"
    "between = ha, core\n"
    "delay = 10ms\n"
    "[point-to-point access-core]\n"
    "between = access, core\n"
    "delay = 5ms\n"
    "[point-to-point cn-core]\n"
    "between = cn, core\n"
    "delay = 20ms\n"
    "\n"
    "# -- who is who --\n"
    "\n"
    "[mobile-node mn]\n"
    "home-agent = ha\n"
    "[correspondent-node cn]\n"
    "\n"
    "# How the mobile node tells the correspondent where it is: return-routability (RFC 6275) or static-key "
    "(RFC 4449).\n"
    "[peers mn cn]\n"
    "authorization = return-routability\n"
    "\n"
    "# -- what goes on --\n"
    "\n"
    "# A telephone's packets: 160 octets every 20 ms.\n"
    "[flow voice]\n"
    "from = cn\n"
    "to = mn\n"
    "interval = 20ms\n"
    "payload = 160B\n"
    "start = uniform(2000ms, 2020ms)\n"
    "\n";

static const char handover[] = "[at 10s]\n"
                               "mn = attach visited\n"
                               "\n"
                               "[at 30s]\n"
                               "mn = attach home\n";

static const char comparison[] =
    "# A first move, by which both methods get their binding, and a second one: its outage tells them "
    "apart.\n"
    "[at 10s]\n"
    "mn = attach visited\n"
    "[at 20s]\n"
    "mn = attach visited-2\n"
    "\n"
    "[access-lan visited-2]\n"
    "prefix = 2001:db8:3::/64\n"
    "handover-delay = uniform(40ms, 80ms)\n"
    "router-advertisement-interval = 30ms..70ms\n"
    "[router access-2]\n"
    "attached = visited-2\n"
    "[point-to-point access-2-core]\n"
    "between = access-2, core\n"
    "delay = 5ms\n"
    "\n"
    "# Every combination is run, each with all replications, and all meet the same random numbers.\n"
    "[sweep]\n"
    "peers mn cn / authorization = return-routability; static-key\n"
    "point-to-point ha-core / delay = 1ms; 10ms; 50ms; 100ms\n";

struct template
{
    const char *name;
    const char *title;
    unsigned replications;
    const char *events;
};

static const struct template templates[] = {
    {"handover", "A move to a visited link and back", 1, handover},
    {"comparison", "Return routability against a precomputed Kbm", 10, comparison},
};

static const struct template *find_template(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++)
        if (!name || strcmp(templates[i].name, name) == 0)
            return &templates[i];
    return NULL;
}

static char *make_text(const struct template *from)
{
    return g_strdup_printf("# %s.\n"
                           "#\n"
                           "# What is wrong with it:     mip6sim check FILE\n"
                           "# What comes of it:          mip6sim run FILE --log=info\n"
                           "# All that it could say:     mip6sim keys\n"
                           "\n"
                           "[scenario]\n"
                           "title = %s\n"
                           "duration = 40s\n"
                           "seed = 1\n"
                           "replications = %u\n"
                           "\n"
                           "%s%s",
                           from->title, from->title, from->replications, network, from->events);
}

/* What stands there is not overwritten. */
static int write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        int why = errno;
        command_complain("new", "%s: %s", path,
                         why == EEXIST ? "is there already; choose another name" : g_strerror(why));
        return why == EEXIST ? STATUS_INPUT : STATUS_FAILED;
    }
    size_t length = strlen(text), done = 0;
    ssize_t written = 0;
    while (done < length && (written = write(file, text + done, length - done)) > 0)
        done += (size_t)written;
    int why = errno;
    if (close(file) == 0 && done == length) {
        printf("%s written. Next: mip6sim run %s\n", path, path);
        return STATUS_GOOD;
    }
    command_complain("new", "%s: %s", path, g_strerror(why));
    unlink(path);
    return STATUS_FAILED;
}

int command_new(int argc, char **argv)
{
    char **paths = NULL, *name = NULL;
    const GOptionEntry options[] = {
        {"template", 't', 0, G_OPTION_ARG_STRING, &name,
         "handover: one mobile node there and back; comparison: both methods over several delays", "NAME"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("new", command_options(summary, description, options), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    const struct template *from = find_template(name);
    if (status == STATUS_GOOD && !from) {
        command_complain("new", "there is no template '%s': handover or comparison", name);
        status = STATUS_INPUT;
    } else if (status == STATUS_GOOD && (!paths || paths[1])) {
        command_complain("new", "%s (see: mip6sim new --help)", paths ? "one file at a time" : "which file?");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD) {
        char *text = make_text(from);
        status = write_file(paths[0], text);
        g_free(text);
    }
    g_strfreev(paths);
    g_free(name);
    return status;
}
