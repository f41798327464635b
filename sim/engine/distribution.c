/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * distribution.c - reading, writing and sampling the distributions of distribution.h.
 *
 * Every kind is sampled by inversion: one uniform number, put through the inverse of the distribution
 * function. Methods that reject (the polar method, ziggurats) are a little faster, but draw a varying number
 * of times, and then the n-th sample of two runs that are to be compared would no longer come from the same
 * random number. The normal distribution truncated at zero is inverted as well: with S the probability that
 * an untruncated draw is positive, the sample x that a share u of the draws stays below has P(X > x) = (1 -
 * u) S; the upper tail is used because it keeps its precision where draws are rare. The lognormal's
 * parameters follow from mean m and deviation d of the value: variance of the logarithm ln(1 + (d/m)^2), its
 * mean ln m less half of that.
 */
#include "sim/engine/distribution.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/engine/length.h"

#define LONGEST      ((time_ns)1 << 62)
#define LARGEST_FILE (256 << 20) /* octets */

/* What the values are of. */
struct quantity {
    const char *noun;  /* "duration" */
    const char *units; /* all of them */
    bool (*parse)(const char *text, const char *default_unit, int64_t *value, GError **error);
    char *(*format)(int64_t value, char text[DURATION_TEXT_SIZE]);
    bool (*is_unit)(const char *unit);
    unsigned example; /* column of kinds[].example */
};

static bool is_duration_unit(const char *unit)
{
    return duration_unit(unit, NULL);
}

static const struct quantity durations = {
    "duration", "ns, us, ms, s, min, h", duration_parse_with_default, duration_format, is_duration_unit, 0};
static const struct quantity speeds = {"speed",      "m/s, km/h", speed_parse_with_default,
                                       speed_format, speed_unit,  1};

enum kind { CONSTANT, UNIFORM, EXPONENTIAL, NORMAL, LOGNORMAL, EMPIRICAL, KINDS };

struct distribution {
    const struct quantity *quantity;
    enum kind kind;
    time_ns first; /* parameters as written */
    time_ns second;
    double location; /* normal: mean; lognormal: mean of the logarithm */
    double scale;    /* normal: deviation; lognormal: that of the logarithm; exponential: mean */
    double positive; /* normal: probability that a draw need not be repeated */
    time_ns *values; /* empirical: sorted */
    size_t count;
    char *file;       /* empirical: as written */
    const char *unit; /* empirical: default unit, or NULL */
};

static const struct {
    const char *name;
    unsigned parameters; /* durations; 0: a file */
    const char *parameter[2];
    const char *example[2]; /* of durations, of speeds */
} kinds[KINDS] = {
    [CONSTANT] = {"constant", 1, {"value", NULL}, {"constant(40ms)", "constant(10m/s)"}},
    [UNIFORM] = {"uniform", 2, {"lowest", "highest"}, {"uniform(40ms, 80ms)", "uniform(1m/s, 10m/s)"}},
    [EXPONENTIAL] = {"exponential", 1, {"mean", NULL}, {"exponential(20ms)", "exponential(10m/s)"}},
    [NORMAL] = {"normal", 2, {"mean", "deviation"}, {"normal(50ms, 10ms)", "normal(10m/s, 2m/s)"}},
    [LOGNORMAL] = {"lognormal",
                   2,
                   {"mean", "deviation"},
                   {"lognormal(50ms, 10ms)", "lognormal(10m/s, 2m/s)"}},
    [EMPIRICAL] = {"empirical", 0, {"file", NULL}, {"empirical(delays.txt)", "empirical(speeds.txt)"}},
};

/* Other names of what there is, and names of what there is not. */
static const struct {
    const char *written;
    enum kind meant;
} habits[] = {
    {"const", CONSTANT},    {"fixed", CONSTANT},       {"deterministic", CONSTANT},
    {"unif", UNIFORM},      {"random", UNIFORM},       {"range", UNIFORM},
    {"exp", EXPONENTIAL},   {"poisson", EXPONENTIAL},  {"gauss", NORMAL},
    {"gaussian", NORMAL},   {"norm", NORMAL},          {"log-normal", LOGNORMAL},
    {"lognorm", LOGNORMAL}, {"log_normal", LOGNORMAL}, {"file", EMPIRICAL},
    {"trace", EMPIRICAL},   {"ecdf", EMPIRICAL},
};

/* ---- making ---- */

static struct distribution *prepare(const struct quantity *quantity, enum kind kind, int64_t first,
                                    int64_t second)
{
    struct distribution *made = g_new0(struct distribution, 1);
    made->quantity = quantity;
    made->kind = kind;
    made->first = first;
    made->second = second;
    if (kind == EXPONENTIAL) {
        made->scale = (double)first;
    } else if (kind == NORMAL) {
        made->location = (double)first;
        made->scale = (double)second;
        made->positive = second ? gsl_cdf_ugaussian_P((double)first / (double)second) : 1;
    } else if (kind == LOGNORMAL) {
        double ratio = (double)second / (double)first;
        double variance = log1p(ratio * ratio);
        made->location = log((double)first) - variance / 2;
        made->scale = sqrt(variance);
    }
    return made;
}

struct distribution *distribution_new_constant(time_ns value)
{
    return prepare(&durations, CONSTANT, value, 0);
}

void distribution_free(struct distribution *distribution)
{
    if (!distribution)
        return;
    g_free(distribution->values);
    g_free(distribution->file);
    g_free(distribution);
}

/* ---- reading: what is allowed ---- */

static bool refuse(GError **error, enum value_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(GError **error, enum value_error code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(VALUE_ERROR, (int)code, format, arguments);
    va_end(arguments);
    return false;
}

static bool check_range(const struct quantity *quantity, enum kind kind, int64_t first, int64_t second,
                        GError **error)
{
    const char *name = kinds[kind].name;
    char low[DURATION_TEXT_SIZE];
    char high[DURATION_TEXT_SIZE];
    quantity->format(first, low);
    quantity->format(second, high);
    if (first > LONGEST || second > LONGEST)
        return refuse(error, VALUE_ERROR_RANGE, "%s: durations may be at most 146 years", name);
    if (kind == UNIFORM && first > second)
        return refuse(error, VALUE_ERROR_RANGE,
                      "uniform: the lowest, %s, exceeds the highest, %s: uniform(%s, %s)?", low, high, high,
                      low);
    if ((kind == EXPONENTIAL || kind == LOGNORMAL) && first == 0)
        return refuse(error, VALUE_ERROR_RANGE, "%s: the mean must be more than 0", name);
    return true;
}

/* ---- reading: an empirical distribution's file ---- */

static int compare_times(const void *a, const void *b)
{
    time_ns first = *(const time_ns *)a;
    time_ns second = *(const time_ns *)b;
    return (first > second) - (first < second);
}

static bool read_line(const struct quantity *quantity, const char *line, const char *unit, GArray *values,
                      GError **error)
{
    int64_t value;
    if (!quantity->parse(line, unit, &value, error))
        return false;
    if (value > LONGEST)
        return refuse(error, VALUE_ERROR_RANGE, "durations may be at most 146 years");
    g_array_append_val(values, value);
    return true;
}

static bool read_values(const struct quantity *quantity, const char *name, char *text, size_t length,
                        const char *unit, GArray *values, GError **error)
{
    unsigned number = 0;
    char *end;
    if (memchr(text, 0, length))
        return refuse(error, VALUE_ERROR_FILE, "%s: not a text file", name);
    for (char *line = text; line; line = end) {
        GError *reason = NULL;
        number++;
        end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        char *comment = strchr(line, '#');
        if (comment)
            *comment = 0;
        g_strstrip(line);
        if (!*line || read_line(quantity, line, unit, values, &reason))
            continue;
        bool hint = reason->code == VALUE_ERROR_UNIT && !unit;
        refuse(error, VALUE_ERROR_FILE, "%s:%u: %s%s%s%s", name, number, reason->message,
               hint ? " (or name the unit of all: empirical(file, " : "",
               hint ? (quantity == &speeds ? "m/s" : "ms") : "", hint ? "))" : "");
        g_error_free(reason);
        return false;
    }
    if (values->len == 0)
        return refuse(error, VALUE_ERROR_FILE, "%s: holds no value: write one %s a line", name,
                      quantity->noun);
    return true;
}

/* Devices, pipes and what would fill the memory are refused before they are opened. */
static bool read_file(const char *path, const char *name, char **text, size_t *length, GError **error)
{
    struct stat status;
    GError *reason = NULL;
    if (stat(path, &status) != 0)
        return refuse(error, VALUE_ERROR_FILE, "%s: %s", name, g_strerror(errno));
    if (!S_ISREG(status.st_mode))
        return refuse(error, VALUE_ERROR_FILE, "%s: not a file of values", name);
    if (status.st_size > LARGEST_FILE)
        return refuse(error, VALUE_ERROR_FILE, "%s: larger than %d MiB", name, LARGEST_FILE >> 20);
    if (g_file_get_contents(path, text, length, &reason))
        return true;
    refuse(error, VALUE_ERROR_FILE, "%s", reason->message);
    g_error_free(reason);
    return false;
}

static struct distribution *parse_empirical(const struct quantity *quantity, char *arguments,
                                            const char *directory, GError **error)
{
    const char *unit = NULL;
    char *comma = strrchr(arguments, ',');
    if (comma) {
        const char *last = g_strstrip(comma + 1);
        if (!quantity->is_unit(last)) {
            char *quoted = value_quote(last);
            refuse(error, VALUE_ERROR_UNIT, "empirical: unknown unit %s: known are %s", quoted,
                   quantity->units);
            g_free(quoted);
            return NULL;
        }
        unit = g_intern_string(last);
        *comma = 0;
    }
    const char *name = g_strstrip(arguments);
    if (!*name) {
        refuse(error, VALUE_ERROR_SYNTAX, "empirical: the name of a file is missing: %s",
               kinds[EMPIRICAL].example[quantity->example]);
        return NULL;
    }
    char *path =
        directory && !g_path_is_absolute(name) ? g_build_filename(directory, name, NULL) : g_strdup(name);
    char *text = NULL;
    size_t length = 0;
    GArray *values = g_array_new(FALSE, FALSE, sizeof(time_ns));
    struct distribution *made = NULL;
    if (read_file(path, name, &text, &length, error) &&
        read_values(quantity, name, text, length, unit, values, error)) {
        made = prepare(quantity, EMPIRICAL, 0, 0);
        made->file = g_strdup(name);
        made->unit = unit;
        made->count = values->len;
        made->values = (time_ns *)(void *)g_array_free(values, FALSE);
        values = NULL;
        qsort(made->values, made->count, sizeof *made->values, compare_times);
    }
    if (values)
        g_array_free(values, TRUE);
    g_free(text);
    g_free(path);
    return made;
}

/* ---- reading: the forms ---- */

/* Puts the names that are tried in the order of kinds; KINDS if there is none that this could mean. */
static enum kind guess_kind(const char *name)
{
    char *lower = g_ascii_strdown(name, -1);
    enum kind guess = KINDS;
    for (enum kind kind = CONSTANT; kind < KINDS && guess == KINDS; kind++) {
        size_t length = strlen(kinds[kind].name);
        size_t same = 0;
        while (same < length && lower[same] == kinds[kind].name[same])
            same++;
        size_t tail = 0;
        size_t lower_length = strlen(lower);
        while (tail < length - same && tail + same < lower_length &&
               lower[lower_length - 1 - tail] == kinds[kind].name[length - 1 - tail])
            tail++;
        if (same + tail + 2 >= length && lower_length <= length + 2 && lower_length > 2)
            guess = kind; /* one or two letters differ, in one place */
    }
    for (size_t i = 0; guess == KINDS && i < G_N_ELEMENTS(habits); i++)
        if (strcmp(habits[i].written, lower) == 0)
            guess = habits[i].meant;
    g_free(lower);
    return guess;
}

static bool find_kind(const struct quantity *quantity, const char *name, enum kind *found, GError **error)
{
    for (enum kind kind = CONSTANT; kind < KINDS; kind++) {
        if (strcmp(name, kinds[kind].name) == 0) {
            *found = kind;
            return true;
        }
    }
    enum kind guess = guess_kind(name);
    char *quoted = value_quote(name);
    if (guess != KINDS)
        refuse(error, VALUE_ERROR_SYNTAX, "unknown distribution %s: did you mean %s?", quoted,
               kinds[guess].example[quantity->example]);
    else
        refuse(
            error, VALUE_ERROR_SYNTAX,
            "unknown distribution %s: known are constant, uniform, exponential, normal, lognormal, empirical",
            quoted);
    g_free(quoted);
    return false;
}

static struct distribution *parse_parameters(const struct quantity *quantity, enum kind kind, char *arguments,
                                             GError **error)
{
    char **parts = g_strsplit(arguments, ",", 16);
    unsigned count = *g_strstrip(arguments) ? g_strv_length(parts) : 0;
    unsigned wanted = kinds[kind].parameters;
    time_ns value[2] = {0, 0};
    bool good = count == wanted;
    if (!good)
        refuse(error, VALUE_ERROR_SYNTAX, "%s takes %u %s%s, not %u: %s", kinds[kind].name, wanted,
               quantity->noun, wanted == 1 ? "" : "s", count, kinds[kind].example[quantity->example]);
    for (unsigned i = 0; good && i < wanted; i++) {
        good = quantity->parse(parts[i], NULL, &value[i], error);
        if (!good)
            g_prefix_error(error, "%s: %s: ", kinds[kind].name, kinds[kind].parameter[i]);
    }
    g_strfreev(parts);
    good = good && check_range(quantity, kind, value[0], value[1], error);
    return good ? prepare(quantity, kind, value[0], value[1]) : NULL;
}

/* name(arguments) */
static struct distribution *parse_call(const struct quantity *quantity, char *text, char *open,
                                       const char *directory, GError **error)
{
    enum kind kind;
    size_t length = strlen(text);
    if (text[length - 1] != ')') {
        char *quoted = value_quote(text);
        refuse(error, VALUE_ERROR_SYNTAX, strchr(open, ')') ? "%s goes on after its ')'" : "%s lacks its ')'",
               quoted);
        g_free(quoted);
        return NULL;
    }
    text[length - 1] = 0;
    *open = 0;
    if (!find_kind(quantity, g_strstrip(text), &kind, error))
        return NULL;
    return kind == EMPIRICAL ? parse_empirical(quantity, open + 1, directory, error)
                             : parse_parameters(quantity, kind, open + 1, error);
}

static struct distribution *parse_plain(const struct quantity *quantity, const char *text, GError **error)
{
    const char *dots = strstr(text, "..");
    time_ns value;
    enum kind kind = KINDS;
    if (dots) {
        char *low = g_strstrip(g_strndup(text, (gsize)(dots - text)));
        char *high = g_strstrip(g_strdup(dots + 2));
        char *quoted = value_quote(text);
        refuse(error, VALUE_ERROR_SYNTAX, "%s is a range: did you mean uniform(%.30s, %.30s)?", quoted, low,
               high);
        g_free(quoted);
        g_free(high);
        g_free(low);
        return NULL;
    }
    if (g_ascii_isalpha(*text)) {
        if (find_kind(quantity, text, &kind, error))
            refuse(error, VALUE_ERROR_SYNTAX, "%s takes its parameters in parentheses: %s", text,
                   kinds[kind].example[quantity->example]);
        return NULL;
    }
    if (!quantity->parse(text, NULL, &value, error) || !check_range(quantity, CONSTANT, value, 0, error))
        return NULL;
    return prepare(quantity, CONSTANT, value, 0);
}

static struct distribution *parse(const struct quantity *quantity, const char *text, const char *directory,
                                  GError **error)
{
    char *copy = g_strstrip(g_strdup(text));
    char *open = strchr(copy, '(');
    struct distribution *made = NULL;
    if (*copy)
        made = open ? parse_call(quantity, copy, open, directory, error) : parse_plain(quantity, copy, error);
    else
        refuse(error, VALUE_ERROR_SYNTAX, "a %s or distribution is missing, such as %s or %s", quantity->noun,
               quantity == &speeds ? "10m/s" : "40ms", kinds[UNIFORM].example[quantity->example]);
    g_free(copy);
    return made;
}

struct distribution *distribution_parse(const char *text, const char *directory, GError **error)
{
    return parse(&durations, text, directory, error);
}

struct distribution *distribution_parse_speed(const char *text, const char *directory, GError **error)
{
    return parse(&speeds, text, directory, error);
}

/* ---- writing ---- */

char *distribution_to_string(const struct distribution *distribution)
{
    char first[DURATION_TEXT_SIZE];
    char second[DURATION_TEXT_SIZE];
    const char *name = kinds[distribution->kind].name;
    distribution->quantity->format(distribution->first, first);
    distribution->quantity->format(distribution->second, second);
    if (distribution->kind == CONSTANT)
        return g_strdup(first);
    if (distribution->kind == EMPIRICAL)
        return g_strdup_printf("%s(%s%s%s)", name, distribution->file, distribution->unit ? ", " : "",
                               distribution->unit ? distribution->unit : "");
    if (kinds[distribution->kind].parameters == 1)
        return g_strdup_printf("%s(%s)", name, first);
    return g_strdup_printf("%s(%s, %s)", name, first, second);
}

/* ---- asking ---- */

double distribution_mean(const struct distribution *distribution)
{
    double mean = (double)distribution->first;
    switch (distribution->kind) {
    case UNIFORM:
        return (mean + (double)distribution->second) / 2;
    case NORMAL:
        if (distribution->second)
            mean += distribution->scale * gsl_ran_ugaussian_pdf(mean / distribution->scale) /
                    distribution->positive;
        return mean;
    case EMPIRICAL:
        mean = 0;
        for (size_t i = 0; i < distribution->count; i++)
            mean += (double)distribution->values[i] / (double)distribution->count;
        return mean;
    case CONSTANT:
    case EXPONENTIAL:
    case LOGNORMAL:
    case KINDS:
    default:
        return mean;
    }
}

bool distribution_is_constant(const struct distribution *distribution)
{
    switch (distribution->kind) {
    case CONSTANT:
        return true;
    case UNIFORM:
        return distribution->first == distribution->second;
    case NORMAL:
    case LOGNORMAL:
        return distribution->second == 0;
    case EMPIRICAL:
        return distribution->values[0] == distribution->values[distribution->count - 1];
    case EXPONENTIAL:
    case KINDS:
    default:
        return false;
    }
}

time_ns distribution_minimum(const struct distribution *distribution)
{
    if (distribution->kind == EMPIRICAL)
        return distribution->values[0];
    if (distribution->kind == UNIFORM || distribution_is_constant(distribution))
        return distribution->first;
    return 0;
}

/* ---- sampling ---- */

static time_ns round_time(double value)
{
    if (!(value > 0))
        return 0;
    return value < (double)LONGEST ? (time_ns)(value + 0.5) : LONGEST;
}

time_ns distribution_sample(const struct distribution *distribution, struct random_stream *stream)
{
    if (distribution_is_constant(distribution)) {
        random_skip(stream, 1);
        return distribution_minimum(distribution);
    }
    switch (distribution->kind) {
    case UNIFORM:
        return random_time(stream, distribution->first, distribution->second);
    case EMPIRICAL:
        return distribution->values[random_below(stream, distribution->count)];
    case EXPONENTIAL:
        return round_time(-log(1 - random_unit_open(stream)) * distribution->scale);
    case NORMAL:
        return round_time(distribution->location +
                          distribution->scale * gsl_cdf_ugaussian_Qinv((1 - random_unit_open(stream)) *
                                                                       distribution->positive));
    case LOGNORMAL:
        return round_time(exp(distribution->location +
                              distribution->scale * gsl_cdf_ugaussian_Pinv(random_unit_open(stream))));
    case CONSTANT:
    case KINDS:
    default:
        return distribution->first;
    }
}
