/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observations.c - see observations.h.
 *
 * A factor is one or two columns. Tables differ only in which of their columns are worth telling rows apart
 * by when nobody says so, and in which say what of a run a row is about.
 */
#include "sim/output/observations.h"

#include <math.h>
#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/scenario/message.h"

#define LEVELS_MAX 12 /* of a column that tells rows apart unasked */
#define AXES_BEGIN 2  /* behind point and replication */

struct table_form {
    const char *factors[4];    /* that tell rows apart unasked, if they have a few levels */
    const char *method;        /* column */
    const char *identities[5]; /* columns: what of a run a row is about */
};

static const struct table_form forms[TABLE_COUNT] = {
    [TABLE_HANDOVERS] = {{"authorization", "move", "home_address_name"},
                         "authorization",
                         {"node", "home_address_name", "correspondent", "handover"}},
    [TABLE_FLOWS] = {{"flow"}, NULL, {"flow"}},
    [TABLE_ATTACKS] = {{"attack", "method"}, "method", {"attack"}},
    [TABLE_PACKETS] = {{"flow", "path"}, NULL, {"flow", "sequence"}},
};

bool observations_has(enum result_table table)
{
    return forms[table].identities[0] != NULL;
}

/* -- factors -- */

static void factor_free(void *data)
{
    struct factor *factor = data;
    g_free(factor->name);
    g_ptr_array_unref(factor->levels);
    g_free(factor->of_row);
    g_free(factor);
}

/* What the row says in one column, or in two. */
static char *level_text(const struct csv_table *csv, size_t row, int first, int second)
{
    const char *from = csv_table_text(csv, row, (unsigned)first);
    if (second < 0)
        return g_strdup(from);
    const char *to = csv_table_text(csv, row, (unsigned)second);
    return g_strdup_printf("%s → %s", *from ? from : "nowhere", *to ? to : "nowhere");
}

static struct factor *factor_new(const struct csv_table *csv, const char *name, int first, int second)
{
    struct factor *factor = g_new0(struct factor, 1);
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    factor->name = g_strdup(name);
    factor->levels = g_ptr_array_new_with_free_func(g_free);
    factor->of_row = g_new(uint32_t, csv->row_count + 1);
    for (size_t row = 0; row < csv->row_count; row++) {
        char *level = level_text(csv, row, first, second);
        void *index;
        if (g_hash_table_lookup_extended(known, level, NULL, &index)) {
            g_free(level);
        } else {
            index = GUINT_TO_POINTER(factor->levels->len);
            g_hash_table_insert(known, level, index);
            g_ptr_array_add(factor->levels, level);
        }
        factor->of_row[row] = GPOINTER_TO_UINT(index);
    }
    g_hash_table_destroy(known);
    return factor;
}

/* A column by its header, "move", or an axis by the key that only it has. NULL: there is none. */
static struct factor *find_factor(const struct observations *observations, const char *name)
{
    const struct csv_table *csv = observations->csv;
    int column = csv_table_column(csv, name);
    if (column >= 0)
        return factor_new(csv, name, column, -1);
    int from = csv_table_column(csv, "from_link"), to = csv_table_column(csv, "to_link");
    if (strcmp(name, "move") == 0 && from >= 0 && to >= 0)
        return factor_new(csv, name, from, to);
    for (unsigned i = AXES_BEGIN; i < observations->axes_end; i++) {
        const char *key = strstr(csv_table_header(csv, i), " / ");
        if (!key || strcmp(key + 3, name) != 0)
            continue;
        if (column >= 0)
            return NULL;
        column = (int)i;
    }
    return column < 0 ? NULL : factor_new(csv, csv_table_header(csv, (unsigned)column), column, -1);
}

static bool same_levels(const struct observations *observations, const struct factor *a,
                        const struct factor *b)
{
    if (a->levels->len != b->levels->len)
        return false;
    for (guint i = 0; i < a->levels->len; i++)
        if (strcmp(a->levels->pdata[i], b->levels->pdata[i]) != 0)
            return false;
    return memcmp(a->of_row, b->of_row, observations->csv->row_count * sizeof(*a->of_row)) == 0;
}

/* A method that the sweep has set is an axis already. */
static bool is_there(const struct observations *observations, const struct factor *factor)
{
    for (guint i = 0; i < observations->factors->len; i++)
        if (same_levels(observations, observations->factors->pdata[i], factor))
            return true;
    return false;
}

static void find_factors(struct observations *observations)
{
    const struct table_form *form = &forms[observations->table];
    for (unsigned i = AXES_BEGIN; i < observations->axes_end; i++) {
        struct factor *factor =
            factor_new(observations->csv, csv_table_header(observations->csv, i), (int)i, -1);
        if (factor->levels->len > 1)
            g_ptr_array_add(observations->factors, factor);
        else
            factor_free(factor);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(form->factors) && form->factors[i]; i++) {
        struct factor *factor = find_factor(observations, form->factors[i]);
        if (factor && factor->levels->len > 1 && factor->levels->len <= LEVELS_MAX &&
            !is_there(observations, factor))
            g_ptr_array_add(observations->factors, factor);
        else if (factor)
            factor_free(factor);
    }
}

static bool unknown_factor(const struct observations *observations, const char *name, GError **error)
{
    const struct csv_table *csv = observations->csv;
    const char **names = g_new0(const char *, csv->column_count + 2);
    unsigned count = 0, keys = 0;
    const char *last = NULL;
    for (unsigned i = 0; i < csv->column_count; i++) {
        names[count++] = csv_table_header(csv, i);
        const char *slash = strstr(names[i], " / ");
        if (slash && strcmp(slash + 3, name) == 0) {
            keys++;
            last = names[i];
        }
    }
    names[count++] = "move";
    const char *meant = scenario_probably_meant(name, names);
    if (keys > 1)
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    "%s: several axes have this key: '%s'; name one in full, such as '%s'", csv->path, name,
                    last);
    else
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    meant ? "%s has no axis or column '%s'; did you mean '%s'?"
                          : "%s has no axis or column '%s'",
                    csv->path, name, meant);
    g_free(names);
    return false;
}

bool observations_by(struct observations *observations, const char *const *names, GError **error)
{
    GPtrArray *factors = g_ptr_array_new_with_free_func(factor_free);
    for (; *names; names++) {
        struct factor *factor = find_factor(observations, *names);
        if (!factor) {
            g_ptr_array_unref(factors);
            return unknown_factor(observations, *names, error);
        }
        g_ptr_array_add(factors, factor);
    }
    g_ptr_array_unref(observations->factors);
    observations->factors = factors;
    return true;
}

static int index_of(const struct observations *observations, const struct factor *wanted)
{
    for (guint i = 0; i < observations->factors->len; i++) {
        const struct factor *factor = observations->factors->pdata[i];
        if (strcmp(factor->name, wanted->name) == 0 || same_levels(observations, factor, wanted))
            return (int)i;
    }
    return -1;
}

int observations_factor(struct observations *observations, const char *name, GError **error)
{
    struct factor *wanted = find_factor(observations, name);
    if (!wanted) {
        unknown_factor(observations, name, error);
        return -1;
    }
    int found = index_of(observations, wanted);
    if (found >= 0) {
        factor_free(wanted);
        return found;
    }
    g_ptr_array_add(observations->factors, wanted);
    return (int)observations->factors->len - 1;
}

int observations_method(const struct observations *observations)
{
    const char *column = forms[observations->table].method;
    struct factor *method = column ? find_factor(observations, column) : NULL;
    int found = method ? index_of(observations, method) : -1;
    if (method)
        factor_free(method);
    for (guint i = 0; found < 0 && i < observations->factors->len; i++) {
        const struct factor *factor = observations->factors->pdata[i];
        if (g_str_has_suffix(factor->name, "/ authorization"))
            found = (int)i;
    }
    if (found < 0)
        return -1;
    const struct factor *factor = observations->factors->pdata[found];
    return factor->levels->len > 1 ? found : -1;
}

static bool follows(const struct observations *observations, const struct factor *follower,
                    const struct factor *leader)
{
    uint32_t *level = g_new(uint32_t, leader->levels->len + 1);
    bool does = true;
    memset(level, 0xff, (leader->levels->len + 1) * sizeof(*level));
    for (size_t row = 0; does && row < observations->csv->row_count; row++) {
        uint32_t *seen = &level[leader->of_row[row]];
        does = *seen == UINT32_MAX || *seen == follower->of_row[row];
        *seen = follower->of_row[row];
    }
    g_free(level);
    return does;
}

bool observations_follows(const struct observations *observations, guint factor, guint of)
{
    return follows(observations, observations->factors->pdata[factor], observations->factors->pdata[of]);
}

/* -- reading -- */

static bool read_columns(struct observations *observations, GError **error)
{
    const struct csv_table *csv = observations->csv;
    const char *first = result_tables[observations->table].columns[0].name;
    int end = csv_table_column(csv, first), replication = csv_table_column(csv, "replication");
    if (end < AXES_BEGIN || replication != 1) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    "%s:1: not a table of results: expected the columns point, replication, ..., %s",
                    csv->path, first);
        return false;
    }
    observations->axes_end = (unsigned)end;
    for (size_t row = 0; row < csv->row_count; row++)
        if (!csv_table_number(csv, row, 1, &observations->replications[row], error))
            return false;
    return true;
}

struct observations *observations_read(const char *name, enum result_table table, GError **error)
{
    struct csv_table *csv = result_csv_read(name, table, error);
    if (!csv)
        return NULL;
    struct observations *observations = g_new0(struct observations, 1);
    observations->table = table;
    observations->csv = csv;
    observations->replications = g_new0(double, csv->row_count + 1);
    observations->left_out = g_new0(bool, csv->row_count + 1);
    observations->factors = g_ptr_array_new_with_free_func(factor_free);
    if (read_columns(observations, error)) {
        find_factors(observations);
        return observations;
    }
    observations_free(observations);
    return NULL;
}

void observations_free(struct observations *observations)
{
    if (!observations)
        return;
    g_ptr_array_unref(observations->factors);
    g_free(observations->replications);
    g_free(observations->left_out);
    csv_table_free(observations->csv);
    g_free(observations);
}

double *observations_values(const struct observations *observations, const char *measure, GError **error)
{
    const struct csv_table *csv = observations->csv;
    int column = csv_table_column(csv, measure);
    if (column < 0) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:1: there is no column '%s'", csv->path, measure);
        return NULL;
    }
    double *values = g_new(double, csv->row_count + 1);
    for (size_t row = 0; row < csv->row_count; row++)
        if (!csv_table_number(csv, row, (unsigned)column, &values[row], error)) {
            g_free(values);
            return NULL;
        }
    return values;
}

size_t observations_leave_out_before(struct observations *observations, double seconds)
{
    double *down = observations_values(observations, "link_down", NULL);
    double *up = observations_values(observations, "link_up", NULL);
    size_t left = 0;
    for (size_t row = 0; row < observations->csv->row_count; row++) {
        double began = down && !isnan(down[row]) ? down[row] : up ? up[row] : NAN;
        observations->left_out[row] = began < seconds;
        left += !observations->left_out[row];
    }
    g_free(down);
    g_free(up);
    return left;
}

/* -- groups -- */

static void group_free(void *data)
{
    struct row_group *group = data;
    g_free(group->levels);
    g_array_unref(group->rows);
    g_free(group);
}

static gint compare_groups(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct row_group *const *left = a, *const *right = b;
    const GPtrArray *factors = data;
    for (guint i = 0; i < factors->len; i++)
        if ((*left)->levels[i] != (*right)->levels[i])
            return (*left)->levels[i] < (*right)->levels[i] ? -1 : 1;
    return 0;
}

/* Levels of all factors as text: there may be any number of them. */
static char *row_key(const struct observations *observations, size_t row)
{
    GString *key = g_string_new(NULL);
    for (guint i = 0; i < observations->factors->len; i++) {
        const struct factor *factor = observations->factors->pdata[i];
        g_string_append_printf(key, "%u ", factor->of_row[row]);
    }
    return g_string_free(key, FALSE);
}

static struct row_group *group_new(const struct observations *observations, size_t row)
{
    struct row_group *group = g_new0(struct row_group, 1);
    group->levels = g_new0(uint32_t, observations->factors->len + 1);
    group->rows = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (guint i = 0; i < observations->factors->len; i++) {
        const struct factor *factor = observations->factors->pdata[i];
        group->levels[i] = factor->of_row[row];
    }
    return group;
}

static bool has_one_replication(const struct observations *observations, const struct row_group *group)
{
    size_t first = g_array_index(group->rows, size_t, 0);
    for (guint i = 1; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        if (fabs(observations->replications[row] - observations->replications[first]) > 0)
            return false;
    }
    return true;
}

GPtrArray *observations_groups(const struct observations *observations)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t row = 0; row < observations->csv->row_count; row++) {
        if (observations->left_out[row])
            continue;
        char *key = row_key(observations, row);
        struct row_group *group = g_hash_table_lookup(known, key);
        if (group) {
            g_free(key);
        } else {
            group = group_new(observations, row);
            g_ptr_array_add(groups, group);
            g_hash_table_insert(known, key, group);
        }
        g_array_append_val(group->rows, row);
    }
    g_hash_table_destroy(known);
    for (guint i = 0; i < groups->len; i++) {
        struct row_group *group = groups->pdata[i];
        group->each = observations->each || has_one_replication(observations, group);
    }
    g_ptr_array_sort_with_data(groups, compare_groups, observations->factors);
    return groups;
}

bool observations_balanced(const struct observations *observations, const struct row_group *group)
{
    GHashTable *points = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *replications = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *runs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        const char *point = csv_table_text(observations->csv, row, 0);
        const char *replication = csv_table_text(observations->csv, row, 1);
        g_hash_table_add(points, (gpointer)(uintptr_t)point);
        g_hash_table_add(replications, (gpointer)(uintptr_t)replication);
        g_hash_table_add(runs, g_strconcat(point, " ", replication, NULL));
    }
    bool balanced =
        (guint64)g_hash_table_size(points) * g_hash_table_size(replications) == g_hash_table_size(runs);
    g_hash_table_destroy(runs);
    g_hash_table_destroy(replications);
    g_hash_table_destroy(points);
    return balanced;
}

/* -- samples -- */

/* What an observation is of: its replication; and, of a row by itself, what in the run it is about. */
static char *observation_key(const struct observations *observations, size_t row, bool each,
                             const char *apart)
{
    const struct csv_table *csv = observations->csv;
    const char *const *identity = forms[observations->table].identities;
    GString *key = g_string_new(csv_table_text(csv, row, 1));
    for (; each && *identity; identity++) {
        int column = g_strcmp0(*identity, apart) == 0 ? -1 : csv_table_column(csv, *identity);
        g_string_append_printf(key, "\n%s", column < 0 ? "" : csv_table_text(csv, row, (unsigned)column));
    }
    return g_string_free(key, FALSE);
}

/* -- counterparts -- */

/* What is the same in two rows that are compared: the replication, and the columns of 'same'; "identity":
 * also what in the run the row is about. Free with g_free. */
static char *counterpart_key(const struct observations *observations, size_t row, const GArray *same,
                             bool identity, const char *apart)
{
    GString *key = g_string_new(NULL);
    char *observation = observation_key(observations, row, identity, apart);
    g_string_append(key, observation);
    for (guint i = 0; i < same->len; i++)
        g_string_append_printf(key, "\t%s",
                               csv_table_text(observations->csv, row, g_array_index(same, unsigned, i)));
    g_free(observation);
    return g_string_free(key, FALSE);
}

/* The axes that the compared factor does not set. Elements unsigned. */
static GArray *other_axes(const struct observations *observations, guint compared)
{
    GArray *axes = g_array_new(FALSE, FALSE, sizeof(unsigned));
    for (unsigned i = AXES_BEGIN; i < observations->axes_end; i++) {
        struct factor *axis =
            factor_new(observations->csv, csv_table_header(observations->csv, i), (int)i, -1);
        if (!follows(observations, axis, observations->factors->pdata[compared]))
            g_array_append_val(axes, i);
        factor_free(axis);
    }
    return axes;
}

struct counterparts {
    const struct observations *observations;
    const double *values;
    GArray *axes;      /* that are to be the same */
    const char *apart; /* a column that is not */
};

/* The keys of a group's rows that have a value ("absent": that have none, with what they are about). */
static GHashTable *group_keys(const struct counterparts *of, const struct row_group *group, bool absent)
{
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        if (isnan(of->values[row]) == absent)
            g_hash_table_add(keys, counterpart_key(of->observations, row, of->axes, absent, of->apart));
    }
    return keys;
}

static bool has_key(GHashTable *keys, const struct counterparts *of, size_t row, bool identity)
{
    if (g_hash_table_size(keys) == 0)
        return false;
    char *key = counterpart_key(of->observations, row, of->axes, identity, of->apart);
    bool has = g_hash_table_contains(keys, key);
    g_free(key);
    return has;
}

/* Of a group, the rows that the other has nothing like. */
static void leave_out_alone(const struct counterparts *of, const struct row_group *group,
                            const struct row_group *other, double *matched)
{
    GHashTable *there = group_keys(of, other, false), *absent = group_keys(of, other, true);
    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        bool has =
            !isnan(of->values[row]) && has_key(there, of, row, false) && !has_key(absent, of, row, true);
        matched[row] = has ? of->values[row] : NAN;
    }
    g_hash_table_destroy(there);
    g_hash_table_destroy(absent);
}

void observations_match(const struct observations *observations, const struct row_group *first,
                        const struct row_group *second, guint compared, const double *values, double *matched)
{
    const struct factor *factor = observations->factors->pdata[compared];
    struct counterparts of = {observations, values, other_axes(observations, compared), factor->name};
    leave_out_alone(&of, first, second, matched);
    leave_out_alone(&of, second, first, matched);
    g_array_unref(of.axes);
}

static void add_observation(struct sample *sample, char *key, double value, size_t rows)
{
    g_array_append_val(sample->values, value);
    g_array_append_val(sample->rows, rows);
    if (sample->keys)
        g_ptr_array_add(sample->keys, key);
    else
        g_free(key);
}

/* Not a running mean: equal counts are to have equal means, whatever their order, or a distribution would
 * have steps that cannot be told apart. */
struct sum {
    long double sum;
    unsigned count;
};

/* The means of all rows with the same key, in the order in which they first appear. */
static void take_means(struct sample *sample, const struct observations *observations,
                       const struct row_group *group, const double *values, bool each, const char *apart)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *keys = g_ptr_array_new();
    GArray *sums = g_array_new(FALSE, TRUE, sizeof(struct sum));
    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        if (isnan(values[row]))
            continue;
        char *key = observation_key(observations, row, each, apart);
        void *index;
        if (g_hash_table_lookup_extended(known, key, NULL, &index)) {
            g_free(key);
        } else {
            index = GUINT_TO_POINTER(keys->len);
            g_hash_table_insert(known, key, index);
            g_ptr_array_add(keys, key);
            g_array_set_size(sums, keys->len);
        }
        struct sum *sum = &g_array_index(sums, struct sum, GPOINTER_TO_UINT(index));
        sum->sum += (long double)values[row];
        sum->count++;
    }
    g_hash_table_destroy(known);
    for (guint i = 0; i < keys->len; i++) {
        const struct sum *sum = &g_array_index(sums, struct sum, i);
        add_observation(sample, keys->pdata[i], (double)(sum->sum / sum->count), sum->count);
    }
    g_array_unref(sums);
    g_ptr_array_unref(keys);
}

void sample_take(struct sample *sample, const struct observations *observations,
                 const struct row_group *group, const double *values, bool each, bool with_keys,
                 const char *apart)
{
    *sample = (struct sample){
        .keys = with_keys ? g_ptr_array_new_with_free_func(g_free) : NULL,
        .values = g_array_new(FALSE, FALSE, sizeof(double)),
        .rows = g_array_new(FALSE, FALSE, sizeof(size_t)),
    };
    for (guint i = 0; i < group->rows->len; i++) {
        double value = values[g_array_index(group->rows, size_t, i)];
        sample->absent += isnan(value) ? 1 : 0;
        if (each && !with_keys && !isnan(value))
            add_observation(sample, NULL, value, 1);
    }
    if (!each || with_keys)
        take_means(sample, observations, group, values, each, apart);
}

void sample_clear(struct sample *sample)
{
    if (sample->keys)
        g_ptr_array_unref(sample->keys);
    if (sample->values)
        g_array_unref(sample->values);
    if (sample->rows)
        g_array_unref(sample->rows);
    *sample = (struct sample){0};
}
