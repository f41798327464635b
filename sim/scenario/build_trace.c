/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_trace.c - a file that says which mobile node is on which link when: another program's mobility model,
 * or what was seen in a real network.
 *
 *     # time   node   link
 *     0        mn-1   cell-4
 *     12.5     mn-2   cell-5      without a unit: seconds
 *     20500ms  mn-1   none        on no link
 *
 * Blanks or commas separate. Lines are sorted by time, because somebody who merges files by hand is helped
 * more by being told than by being sorted; a node is on one link at a time. All mistakes are told, each with
 * the trace's own name and line.
 */
#include "sim/scenario/build.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/engine/duration.h"

#define TRACE_SIZE_MAX  (256 << 20)
#define TRACE_MOVES_MAX 10000000
#define TIME_MOST       (SECONDS(3600) * 24 * 365 * 10)

struct trace {
    struct builder *builder;
    const struct scenario_view *view;
    const struct scenario_movement *movement;
    struct scenario_entry line; /* the present one, for messages */
    GArray *moves;              /* struct scenario_trace_move */
    time_ns latest;
    time_ns *seen; /* by member of the group: its last line's time; -1: none yet */
};

static char *path_beside(const struct builder *builder, const struct scenario_entry *entry)
{
    if (g_path_is_absolute(entry->value))
        return g_strdup(entry->value);
    char *directory =
        entry->place.line ? g_path_get_dirname(entry->place.file) : g_strdup(builder->source->directory);
    char *path = strcmp(directory, ".") == 0 ? g_strdup(entry->value)
                                             : g_build_filename(directory, entry->value, NULL);
    g_free(directory);
    return path;
}

/* Devices, pipes and what would fill the memory are refused before they are opened. Free with g_free. */
static char *read_text(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *path)
{
    struct stat status;
    char *text = NULL;
    size_t length;
    GError *error = NULL;
    if (stat(path, &status) != 0)
        build_error_at(builder, view, entry, "\"%s\" cannot be read: %s", path, g_strerror(errno));
    else if (!S_ISREG(status.st_mode))
        build_error_at(builder, view, entry, "\"%s\" is not a regular file", path);
    else if (status.st_size > TRACE_SIZE_MAX)
        build_error_at(builder, view, entry, "\"%s\" is larger than %d MiB", path, TRACE_SIZE_MAX >> 20);
    else if (!g_file_get_contents(path, &text, &length, &error))
        build_error_at(builder, view, entry, "%s", error->message);
    else if (memchr(text, '\0', length) || !g_utf8_validate(text, (gssize)length, NULL)) {
        build_error_at(builder, view, entry, "\"%s\" is not a text file", path);
        g_clear_pointer(&text, g_free);
    }
    g_clear_error(&error);
    return text;
}

/* The line's fields, at most `most`; the text is cut up. */
static unsigned split_fields(char *line, char **fields, unsigned most)
{
    unsigned count = 0;
    for (char *p = line; *p && *p != '#';) {
        size_t blank = strspn(p, " \t,");
        if (p[blank] == '\0' || p[blank] == '#')
            break;
        p += blank;
        size_t length = strcspn(p, " \t,#");
        if (count == most)
            return most + 1;
        fields[count++] = p;
        p += length;
        if (*p == '#')
            *p = '\0';
        else if (*p)
            *p++ = '\0';
    }
    return count;
}

static bool read_time(struct trace *trace, const char *text, time_ns *time)
{
    GError *error = NULL;
    char latest[DURATION_TEXT_SIZE];
    if (!duration_parse_with_default(text, "s", time, &error)) {
        build_error_at(trace->builder, trace->view, &trace->line, "%s", error->message);
        g_error_free(error);
        return false;
    }
    if (*time > TIME_MOST)
        build_error_at(trace->builder, trace->view, &trace->line, "%s is more than ten years", text);
    else if (*time < trace->latest)
        build_error_at(trace->builder, trace->view, &trace->line,
                       "%s is before the line above it (%s); lines are sorted by time", text,
                       duration_format(trace->latest, latest));
    else
        return true;
    return false;
}

static bool read_node(struct trace *trace, const char *name, struct scenario_reference *who)
{
    const struct scenario_reference *moved = &trace->movement->who;
    if (!build_find_node(trace->builder, trace->view, &trace->line, name, KIND(SCENARIO_MOBILE_NODE),
                         "a mobile node", who))
        return false;
    if (who->node == moved->node && who->first >= moved->first &&
        who->first + who->count <= moved->first + moved->count)
        return true;
    build_error_at(trace->builder, trace->view, &trace->line, "\"%s\" is not moved by this section, [%s]",
                   name, trace->view->section->name);
    return false;
}

static bool read_link(struct trace *trace, const char *name, uint32_t *link)
{
    *link = SCENARIO_NONE;
    if (strcmp(name, "none") == 0)
        return true;
    *link = build_find_link(trace->builder, trace->view, &trace->line, name, true);
    if (*link != SCENARIO_NONE)
        build_check_move(trace->builder, trace->view, &trace->line, trace->movement->who.node, *link);
    return *link != SCENARIO_NONE;
}

/* Has one of them a line of the same time already? */
static bool is_elsewhere(struct trace *trace, const struct scenario_trace_move *move)
{
    bool twice = false;
    for (uint32_t i = 0; i < move->count; i++) {
        twice |= trace->seen[move->first + i] == move->time;
        trace->seen[move->first + i] = move->time;
    }
    return twice;
}

static void read_line(struct trace *trace, char *line)
{
    char *fields[3] = {NULL, NULL, NULL};
    unsigned count = split_fields(line, fields, 3);
    struct scenario_trace_move move;
    struct scenario_reference who;
    if (count == 0)
        return;
    if (count == 3 && trace->moves->len == 0 && g_ascii_strcasecmp(fields[0], "time") == 0)
        return; /* the heading of a table */
    if (count != 3) {
        build_error_at(trace->builder, trace->view, &trace->line, "expected three fields: TIME NODE LINK");
        return;
    }
    bool good = read_time(trace, fields[0], &move.time);
    if (good)
        trace->latest = move.time;
    bool found = read_node(trace, fields[1], &who);
    good &= read_link(trace, fields[2], &move.link);
    if (!good || !found)
        return;
    move.first = who.first;
    move.count = who.count;
    if (is_elsewhere(trace, &move))
        build_error_at(trace->builder, trace->view, &trace->line,
                       "\"%s\" has a line of the same time already; it is on one link at a time", fields[1]);
    else
        g_array_append_val(trace->moves, move);
}

void build_trace(struct builder *builder, const struct scenario_view *view,
                 struct scenario_movement *movement)
{
    const struct scenario_entry *entry = build_entry(view, "file");
    if (!entry || entry->value[0] == '\0')
        return; /* told */
    char *path = path_beside(builder, entry);
    char *text = read_text(builder, view, entry, path);
    uint32_t members = builder->scenario->nodes[movement->who.node].count;
    struct trace trace = {
        .builder = builder,
        .view = view,
        .movement = movement,
        .line.place = {g_string_chunk_insert_const(builder->storage->strings, path), 0, entry->place.order},
        .moves = g_array_new(FALSE, FALSE, sizeof(struct scenario_trace_move)),
        .seen = g_new(time_ns, members),
    };
    for (uint32_t i = 0; i < members; i++)
        trace.seen[i] = -1;
    unsigned told = scenario_messages_told(builder->messages);
    for (char *next = text; next;) {
        char *line = next;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        trace.line.place.line++;
        if (trace.line.place.line == 1 && g_str_has_prefix(line, "\xef\xbb\xbf"))
            line += 3;
        g_strchomp(line);
        read_line(&trace, line);
        if (trace.moves->len > TRACE_MOVES_MAX) {
            build_error_at(builder, view, &trace.line, "a trace has %d lines at most", TRACE_MOVES_MAX);
            break;
        }
    }
    if (text && trace.moves->len == 0 && scenario_messages_told(builder->messages) == told)
        build_error_at(builder, view, entry, "\"%s\" says nothing: expected lines TIME NODE LINK", path);
    movement->move_count = trace.moves->len;
    movement->moves = build_memory(builder, trace.moves->len, sizeof *movement->moves);
    if (trace.moves->len)
        memcpy(movement->moves, trace.moves->data, trace.moves->len * sizeof *movement->moves);
    g_array_free(trace.moves, TRUE);
    g_free(trace.seen);
    g_free(text);
    g_free(path);
}
