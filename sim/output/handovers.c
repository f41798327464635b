/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handovers.c - see handovers.h.
 *
 * Numbers are kept column by column, since statistics are made of one column at a time. The axes of the
 * sweep are the columns between "replication" and "node", whatever they are called.
 */
#include "sim/output/handovers.h"

#include <math.h>
#include <string.h>

#include "sim/experiment/result_csv.h"

#define LEVELS_MAX                                                                                           \
    12 /* kinds of moves, and of home addresses, that are told apart; of more, all are put together */

static const char *const number_columns[] = {
#define X(name, column) column,
    HANDOVERS_NUMBERS(X)
#undef X
};

static const char *const text_columns[] = {
#define X(name, column) column,
    HANDOVERS_TEXTS(X)
#undef X
};

/* -- columns -- */

static bool read_numbers(struct handovers *handovers, enum number_column number, GError **error)
{
    unsigned column;

    if (!csv_table_find_column(handovers->csv, number_columns[number], &column, error))
        return false;
    double *values = handovers->numbers[number] = g_new(double, handovers->count + 1);
    for (size_t row = 0; row < handovers->count; row++)
        if (!csv_table_number(handovers->csv, row, column, &values[row], error))
            return false;
    return true;
}

static bool read_columns(struct handovers *handovers, GError **error)
{
    for (unsigned i = 0; i < TEXT_COLUMN_COUNT; i++)
        if (!csv_table_find_column(handovers->csv, text_columns[i], &handovers->text_columns[i], error))
            return false;
    for (unsigned i = 0; i < NUMBER_COLUMN_COUNT; i++)
        if (!read_numbers(handovers, i, error))
            return false;
    return true;
}

const char *handovers_text(const struct handovers *handovers, size_t row, enum text_column text)
{
    return csv_table_text(handovers->csv, row, handovers->text_columns[text]);
}

const char *handovers_home(const struct handovers *handovers, size_t row)
{
    int column = csv_table_column(handovers->csv, "home_address_name");

    return column < 0 ? "" : csv_table_text(handovers->csv, row, (unsigned)column);
}

/* -- dimensions -- */

static void dimension_free(void *data)
{
    struct dimension *dimension = data;

    g_free(dimension->name);
    g_ptr_array_free(dimension->levels, TRUE);
    g_free(dimension->of_row);
    g_free(dimension);
}

/* What a dimension is made of: a column, or the columns of both links. */
static char *row_level(const struct handovers *handovers, enum dimension_kind kind, unsigned column,
                       size_t row)
{
    if (kind == DIMENSION_HOME)
        return g_strdup(handovers_home(handovers, row));
    if (kind != DIMENSION_MOVE)
        return g_strdup(csv_table_text(handovers->csv, row, column));
    const char *from = handovers_text(handovers, row, COLUMN_FROM_LINK),
               *to = handovers_text(handovers, row, COLUMN_TO_LINK);
    return g_strdup_printf("%s → %s", *from == '\0' ? "nowhere" : from, *to == '\0' ? "nowhere" : to);
}

static struct dimension *dimension_new(const struct handovers *handovers, enum dimension_kind kind,
                                       const char *name, unsigned column)
{
    struct dimension *dimension = g_new0(struct dimension, 1);
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);

    dimension->kind = kind;
    dimension->name = g_strdup(name);
    dimension->swept = kind == DIMENSION_AXIS;
    dimension->levels = g_ptr_array_new_with_free_func(g_free);
    dimension->of_row = g_new(uint32_t, handovers->count + 1);
    for (size_t row = 0; row < handovers->count; row++) {
        char *level = row_level(handovers, kind, column, row);
        void *index;
        if (g_hash_table_lookup_extended(known, level, NULL, &index)) {
            g_free(level);
        } else {
            index = GUINT_TO_POINTER(dimension->levels->len);
            g_hash_table_insert(known, level, index);
            g_ptr_array_add(dimension->levels, level);
        }
        dimension->of_row[row] = GPOINTER_TO_UINT(index);
    }
    g_hash_table_destroy(known);
    return dimension;
}

/* The axis sets the method, and nothing else does. */
static bool axis_is_method(const struct handovers *handovers, unsigned column)
{
    const char *name = csv_table_header(handovers->csv, column);

    if ((!g_str_has_suffix(name, "/ authorization") && !g_str_has_prefix(name, "parameters / ")) ||
        handovers->count == 0)
        return false;
    for (size_t row = 0; row < handovers->count; row++)
        if (strcmp(csv_table_text(handovers->csv, row, column),
                   handovers_text(handovers, row, COLUMN_AUTHORIZATION)) != 0)
            return false;
    return true;
}

static void add_if_worth_it(struct handovers *handovers, struct dimension *dimension)
{
    if (dimension->levels->len > 1 && dimension->levels->len <= LEVELS_MAX)
        g_ptr_array_add(handovers->dimensions, dimension);
    else
        dimension_free(dimension);
}

static bool find_dimensions(struct handovers *handovers, GError **error)
{
    unsigned replication, node;
    bool method_swept = false;

    if (!csv_table_find_column(handovers->csv, "replication", &replication, error) ||
        !csv_table_find_column(handovers->csv, "node", &node, error))
        return false;
    for (unsigned column = replication + 1; column < node; column++) {
        if (axis_is_method(handovers, column))
            method_swept = true;
        else
            g_ptr_array_add(
                handovers->dimensions,
                dimension_new(handovers, DIMENSION_AXIS, csv_table_header(handovers->csv, column), column));
    }
    struct dimension *method = dimension_new(handovers, DIMENSION_METHOD, "authorization",
                                             handovers->text_columns[COLUMN_AUTHORIZATION]);
    method->swept = method_swept;
    g_ptr_array_add(handovers->dimensions, method);
    add_if_worth_it(handovers, dimension_new(handovers, DIMENSION_MOVE, "move", 0));
    add_if_worth_it(handovers, dimension_new(handovers, DIMENSION_HOME, "as", 0));
    return true;
}

const struct dimension *handovers_method(const struct handovers *handovers)
{
    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        if (dimension->kind == DIMENSION_METHOD)
            return dimension;
    }
    return NULL;
}

/* -- groups -- */

static void group_free(void *data)
{
    struct group *group = data;

    g_free(group->levels);
    g_array_free(group->rows, TRUE);
    g_free(group);
}

static struct group *group_new(const struct handovers *handovers, size_t row)
{
    struct group *group = g_new0(struct group, 1);

    group->levels = g_new0(uint32_t, handovers->dimensions->len);
    group->rows = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        group->levels[i] = dimension->of_row[row];
    }
    return group;
}

/* Levels of all dimensions as one number: there are at most 10^6 points of a sweep, so it does not
 * overflow. */
static gint64 row_key(const struct handovers *handovers, size_t row)
{
    guint64 key = 0;

    for (guint i = 0; i < handovers->dimensions->len; i++) {
        const struct dimension *dimension = handovers->dimensions->pdata[i];
        key = key * dimension->levels->len + dimension->of_row[row];
    }
    return (gint64)key;
}

static void find_groups(struct handovers *handovers)
{
    GHashTable *known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    for (size_t row = 0; row < handovers->count; row++) {
        gint64 key = row_key(handovers, row);
        struct group *group = g_hash_table_lookup(known, &key);
        if (group == NULL) {
            group = group_new(handovers, row);
            g_ptr_array_add(handovers->groups, group);
            g_hash_table_insert(known, g_memdup2(&key, sizeof(key)), group);
        }
        g_array_append_val(group->rows, row);
    }
    g_hash_table_destroy(known);
}

/* The texts are those of the table. */
static void find_taking_part(struct handovers *handovers)
{
    for (size_t row = 0; row < handovers->count; row++)
        if (handovers->numbers[COLUMN_CORRESPONDENT_MESSAGES][row] > 0)
            g_hash_table_add(handovers->taking_part,
                             (char *)(uintptr_t)handovers_text(handovers, row, COLUMN_CORRESPONDENT));
}

struct handovers *handovers_read(const char *directory, GError **error)
{
    struct csv_table *csv = result_csv_read(directory, TABLE_HANDOVERS, error);

    if (csv == NULL)
        return NULL;
    struct handovers *handovers = g_new0(struct handovers, 1);
    handovers->csv = csv;
    handovers->count = csv->row_count;
    handovers->dimensions = g_ptr_array_new_with_free_func(dimension_free);
    handovers->groups = g_ptr_array_new_with_free_func(group_free);
    handovers->taking_part = g_hash_table_new(g_str_hash, g_str_equal);
    if (!read_columns(handovers, error) || !find_dimensions(handovers, error)) {
        handovers_free(handovers);
        return NULL;
    }
    find_groups(handovers);
    find_taking_part(handovers);
    return handovers;
}

void handovers_free(struct handovers *handovers)
{
    if (handovers == NULL)
        return;
    g_hash_table_destroy(handovers->taking_part);
    g_ptr_array_free(handovers->groups, TRUE);
    g_ptr_array_free(handovers->dimensions, TRUE);
    for (unsigned i = 0; i < NUMBER_COLUMN_COUNT; i++)
        g_free(handovers->numbers[i]);
    csv_table_free(handovers->csv);
    g_free(handovers);
}

/* -- rows -- */

static bool happened(const struct handovers *handovers, size_t row, enum number_column instant)
{
    return !isnan(handovers->numbers[instant][row]);
}

bool handovers_row_complete(const struct handovers *handovers, size_t row)
{
    bool alone = *handovers_text(handovers, row, COLUMN_CORRESPONDENT) == '\0';
    enum number_column end = alone ? COLUMN_HOME_ACKNOWLEDGEMENT_RECEIVED : COLUMN_CORRESPONDENT_BOUND;

    return happened(handovers, row, end);
}

/* On another link, but with no address there. */
static bool was_cut_short(const struct handovers *handovers, size_t row)
{
    const char *to = handovers_text(handovers, row, COLUMN_TO_LINK);

    return *to != '\0' && strcmp(to, handovers_text(handovers, row, COLUMN_FROM_LINK)) != 0 &&
           !happened(handovers, row, COLUMN_CARE_OF_ADDRESS_USABLE);
}

bool handovers_row_unfinished(const struct handovers *handovers, size_t row)
{
    const char *correspondent = handovers_text(handovers, row, COLUMN_CORRESPONDENT);

    if (handovers_row_complete(handovers, row))
        return false;
    /* Without an address it could tell nobody, and so nobody is seen to take part. */
    if (*correspondent != '\0' && !g_hash_table_contains(handovers->taking_part, correspondent))
        return g_hash_table_size(handovers->taking_part) == 0 && was_cut_short(handovers, row);
    return was_cut_short(handovers, row) ||
           (happened(handovers, row, COLUMN_HOME_UPDATE_SENT) &&
            !happened(handovers, row, COLUMN_HOME_ACKNOWLEDGEMENT_RECEIVED)) ||
           happened(handovers, row, COLUMN_HOME_TEST_INIT_SENT) ||
           happened(handovers, row, COLUMN_CARE_OF_TEST_INIT_SENT) ||
           happened(handovers, row, COLUMN_CORRESPONDENT_UPDATE_SENT);
}

void handovers_observe(const struct handovers *handovers, const size_t *rows, size_t count,
                       enum number_column number, struct statistics *statistics)
{
    rows_observe(handovers->numbers[COLUMN_REPLICATION], handovers->numbers[number], rows, count, statistics);
}

void rows_observe(const double *replications, const double *values, const size_t *rows, size_t count,
                  struct statistics *statistics)
{
    struct statistics replication = {0};

    if (count == 0)
        return;
    bool single = replications[rows[0]] >= replications[rows[count - 1]];
    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[rows[i]]))
            statistics_add(single ? statistics : &replication, values[rows[i]]);
        if (!single && (i + 1 == count || replications[rows[i + 1]] > replications[rows[i]])) {
            if (replication.count > 0)
                statistics_add(statistics, statistics_mean(&replication));
            replication = (struct statistics){0};
        }
    }
}

bool handovers_row_phases(const struct handovers *handovers, size_t row, double phases[PHASE_COUNT])
{
    static const enum number_column order[PHASE_COUNT + 1] = {
        COLUMN_LINK_DOWN,
        COLUMN_LINK_UP,
        COLUMN_ROUTER_ADVERTISEMENT,
        COLUMN_CARE_OF_ADDRESS_USABLE,
        COLUMN_HOME_ACKNOWLEDGEMENT_RECEIVED,
        COLUMN_CORRESPONDENT_UPDATE_SENT,
        COLUMN_CORRESPONDENT_BOUND,
    };
    double instants[PHASE_COUNT + 1], limit = INFINITY, reached = NAN;
    unsigned last = 0; /* that has happened */

    for (unsigned i = 0; i <= PHASE_COUNT; i++) {
        instants[i] = handovers->numbers[order[i]][row];
        if (!isnan(instants[i]))
            last = i;
    }
    bool whole = !isnan(instants[0]) && last == PHASE_COUNT;
    for (unsigned i = PHASE_COUNT + 1; i-- > 0;)
        if (!isnan(instants[i]) && i > 0)
            instants[i] = limit = fmin(limit, instants[i]);
    reached = instants[0];
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        double next = isnan(instants[i + 1]) ? reached : fmax(reached, instants[i + 1]);
        phases[i] = i < last && !isnan(reached) ? next - reached : NAN;
        reached = next;
    }
    return whole;
}
