/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_except.c - combinations that a sweep leaves out:
 *
 *     except = A / X = 1ms & B / Y > 10ms; A / X >= B / Y
 *
 * "&" is and, ";" is or. Each comparison is worked out here for every value of its axis (or pair of values
 * of two axes), so that judging a point is looking things up: there may be a million of them.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

enum comparison { EQUAL, DIFFERENT, LESS, AT_MOST, MORE, AT_LEAST };

/* A line as it is read. */
struct reading {
    struct builder *builder;
    const struct scenario_view *view;
    const struct scenario_entry *entry;
    bool good;
};

G_GNUC_PRINTF(2, 3)
static bool refuse(struct reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    build_error_at(reading->builder, reading->view, reading->entry, "%s", what);
    g_free(what);
    reading->good = false;
    return false;
}

/* -- values -- */

static bool holds(enum comparison comparison, const char *a, const char *b)
{
    double first, second;
    bool numbers = value_number(a, &first) && value_number(b, &second);
    if (!numbers)
        return build_same_value(a, b) == (comparison == EQUAL);
    switch (comparison) {
    case EQUAL:
        return first >= second && first <= second;
    case DIFFERENT:
        return first < second || first > second;
    case LESS:
        return first < second;
    case AT_MOST:
        return first <= second;
    case MORE:
        return first > second;
    case AT_LEAST:
        return first >= second;
    }
    return false;
}

/* Is there anything to be compared by size? */
static bool check_number(struct reading *reading, enum comparison comparison, const char *value)
{
    double number;
    return comparison == EQUAL || comparison == DIFFERENT || value_number(value, &number) ||
           refuse(reading, "\"%s\" is not a number that could be more or less", value);
}

static bool check_numbers(struct reading *reading, enum comparison comparison,
                          const struct scenario_axis *axis)
{
    for (uint32_t i = 0; i < axis->value_count; i++)
        if (!check_number(reading, comparison, axis->values[i]))
            return false;
    return true;
}

/* -- sides -- */

/* "SECTION / KEY" of an axis; SCENARIO_NONE. */
static uint32_t find_axis(const struct scenario *scenario, const char *name)
{
    const char *slash = strstr(name, " / ");
    for (uint32_t i = 0; slash && i < scenario->axis_count; i++) {
        const struct scenario_axis *axis = &scenario->axes[i];
        if (strlen(axis->section) == (size_t)(slash - name) &&
            strncmp(axis->section, name, (size_t)(slash - name)) == 0 && strcmp(axis->key, slash + 3) == 0)
            return i;
    }
    return SCENARIO_NONE;
}

/* The value of a key that --set has taken out of the sweep; NULL, and it has been told that it is no axis. */
static const char *find_set(struct reading *reading, const char *name)
{
    const char *slash = strstr(name, " / "), *value = NULL;
    char *section = g_strndup(name, (size_t)(slash - name));
    for (unsigned i = 0; i < reading->builder->storage->view_count; i++) {
        const struct scenario_view *view = &reading->builder->storage->views[i];
        if (strcmp(view->section->name, section) != 0)
            continue;
        const struct scenario_entry *entry = build_entry(view, slash + 3);
        if (entry && strcmp(entry->place.file ? entry->place.file : "", "--set") == 0)
            value = entry->value;
    }
    if (!value && build_check_axis(reading->builder, reading->view, reading->entry, section, slash + 3))
        refuse(reading, "\"%s\" is not swept over, so it is the same at all points", name);
    else if (!value)
        reading->good = false;
    g_free(section);
    return value;
}

/* A value that the axis does not have is a slip of the pen. */
static bool check_value(struct reading *reading, enum comparison comparison, const struct scenario_axis *axis,
                        const char *value)
{
    if (comparison != EQUAL && comparison != DIFFERENT)
        return check_numbers(reading, comparison, axis) && check_number(reading, comparison, value);
    for (uint32_t i = 0; i < axis->value_count; i++)
        if (holds(EQUAL, axis->values[i], value))
            return true;
    return refuse(reading, "the sweep over \"%s / %s\" has no value \"%s\"", axis->section, axis->key, value);
}

/* -- comparisons -- */

static void add_exception(struct reading *reading, bool alternative, uint32_t axis, uint32_t other,
                          bool *holds_for)
{
    struct scenario *scenario = reading->builder->scenario;
    scenario->exceptions[scenario->exception_count++] = (struct scenario_exception){
        .place = reading->entry->place,
        .alternative = alternative,
        .axis = axis,
        .other = other,
        .holds = holds_for,
    };
}

static bool compare_axes(struct reading *reading, bool alternative, enum comparison comparison, uint32_t left,
                         uint32_t right)
{
    const struct scenario_axis *a = &reading->builder->scenario->axes[left];
    const struct scenario_axis *b = &reading->builder->scenario->axes[right];
    if (!check_numbers(reading, comparison, a) || !check_numbers(reading, comparison, b))
        return false;
    bool *holds_for =
        build_memory(reading->builder, (size_t)a->value_count * b->value_count, sizeof *holds_for);
    for (uint32_t i = 0; i < a->value_count; i++)
        for (uint32_t k = 0; k < b->value_count; k++)
            holds_for[(size_t)i * b->value_count + k] = holds(comparison, a->values[i], b->values[k]);
    add_exception(reading, alternative, left, right, holds_for);
    return true;
}

static bool compare_value(struct reading *reading, bool alternative, enum comparison comparison,
                          uint32_t axis, const char *value)
{
    const struct scenario_axis *of = &reading->builder->scenario->axes[axis];
    if (!check_value(reading, comparison, of, value))
        return false;
    bool *holds_for = build_memory(reading->builder, of->value_count, sizeof *holds_for);
    for (uint32_t i = 0; i < of->value_count; i++)
        holds_for[i] = holds(comparison, of->values[i], value);
    add_exception(reading, alternative, axis, SCENARIO_NONE, holds_for);
    return true;
}

static bool compare_set(struct reading *reading, bool alternative, enum comparison comparison,
                        const char *set, const char *value)
{
    if (!check_number(reading, comparison, set) || !check_number(reading, comparison, value))
        return false;
    bool *holds_for = build_memory(reading->builder, 1, sizeof *holds_for);
    *holds_for = holds(comparison, set, value);
    add_exception(reading, alternative, SCENARIO_NONE, SCENARIO_NONE, holds_for);
    return true;
}

static enum comparison mirrored(enum comparison comparison)
{
    switch (comparison) {
    case LESS:
        return MORE;
    case AT_MOST:
        return AT_LEAST;
    case MORE:
        return LESS;
    case AT_LEAST:
        return AT_MOST;
    default:
        return comparison;
    }
}

/* Takes "LEFT OPERATOR RIGHT" apart; *right is behind the operator. False: there is none. */
static bool find_operator(char *text, enum comparison *comparison, char **right)
{
    char *at = strpbrk(text, "!<>=");
    if (!at)
        return false;
    char sign = *at;
    bool or_equal = at[1] == '=';
    *at = '\0';
    *right = at + 1 + or_equal;
    *comparison = sign == '<'   ? (or_equal ? AT_MOST : LESS)
                  : sign == '>' ? (or_equal ? AT_LEAST : MORE)
                                : EQUAL;
    if (sign == '!')
        *comparison = DIFFERENT;
    return sign != '!' || or_equal;
}

static bool read_comparison(struct reading *reading, const char *text, bool alternative)
{
    char *copy = g_strdup(text), *right_text = NULL;
    enum comparison comparison = EQUAL;
    bool good = find_operator(copy, &comparison, &right_text);
    char *left = scenario_normalized(copy), *right = good ? scenario_normalized(right_text) : g_strdup("");
    if (!good || !strstr(left, " / ") || *right == '\0') {
        good = refuse(reading, "\"%s\" is not SECTION / KEY = VALUE (or !=, <, <=, >, >=; & is and, ; is or)",
                      text);
    } else {
        const struct scenario *scenario = reading->builder->scenario;
        uint32_t axis = find_axis(scenario, left), other = find_axis(scenario, right);
        const char *set = axis == SCENARIO_NONE ? find_set(reading, left) : NULL;
        const char *other_set =
            other == SCENARIO_NONE && strstr(right, " / ") && reading->good ? find_set(reading, right) : NULL;
        if (!reading->good)
            good = false;
        else if (axis != SCENARIO_NONE && other != SCENARIO_NONE)
            good = compare_axes(reading, alternative, comparison, axis, other);
        else if (axis != SCENARIO_NONE && other_set)
            good = check_numbers(reading, comparison, &scenario->axes[axis]) &&
                   compare_value(reading, alternative, comparison, axis, other_set);
        else if (axis != SCENARIO_NONE)
            good = compare_value(reading, alternative, comparison, axis, right);
        else if (other != SCENARIO_NONE)
            good = compare_value(reading, alternative, mirrored(comparison), other, set);
        else
            good = compare_set(reading, alternative, comparison, set, other_set ? other_set : right);
    }
    g_free(right);
    g_free(left);
    g_free(copy);
    return good;
}

static unsigned count_comparisons(const char *text)
{
    unsigned count = 1;
    for (; *text; text++)
        count += *text == ';' || *text == '&';
    return count;
}

void build_except(struct builder *builder, const struct scenario_view *view,
                  const struct scenario_entry *entry)
{
    struct reading reading = {builder, view, entry, true};
    char **alternatives = value_split(entry->value, ';');
    unsigned count = g_strv_length(alternatives);
    if (count > 1 && alternatives[count - 1][0] == '\0')
        count--;
    builder->scenario->exceptions =
        build_memory(builder, count_comparisons(entry->value), sizeof *builder->scenario->exceptions);
    for (unsigned i = 0; reading.good && i < count; i++) {
        char **comparisons = value_split(alternatives[i], '&');
        for (unsigned k = 0; reading.good && comparisons[k]; k++)
            reading.good = read_comparison(&reading, comparisons[k], k == 0);
        g_strfreev(comparisons);
    }
    if (!reading.good)
        builder->scenario->exception_count = 0;
    g_strfreev(alternatives);
}
