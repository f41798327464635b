/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cells.c - see cells.h.
 *
 * All is reckoned along the leg: s is the distance gone, in micrometres; a cell's centre is at p along the
 * leg and q beside it, so its distance is sqrt((s - p)^2 + q^2). The leg is cut where anything might change:
 * where it enters or leaves a disc, and where another cell becomes nearer than the present one by the
 * hysteresis.
 *
 * Between two cuts nothing does, so what holds there is asked in the middle, and no care is needed about
 * signs, tangents or solutions that squaring has added: a cut too many is harmless.
 *
 * Cuts closer than a nanosecond to the present instant are the present instant: a change is made at a whole
 * nanosecond, up to half a one before or after it is due, and must not be undone by that.
 *
 * Built without contraction of a * b + c into one operation (-ffp-contract=off), which not every processor
 * has.
 */
#include "sim/network/cells.h"

#include <math.h>
#include <stdlib.h>

struct near {
    uint32_t index;
    double p, q, range;
};

struct cells {
    uint32_t count;
    struct near *near; /* room to work in, as */
    double *cuts;
    struct cell cells[];
};

/* The leg as numbers: s = u * rate for u nanoseconds after its start. */
struct line {
    double length, duration, dx, dy;
};

struct cells *cells_new(const struct cell *cell, uint32_t count)
{
    struct cells *cells = g_malloc0(sizeof *cells + count * sizeof *cells->cells);
    cells->count = count;
    for (uint32_t i = 0; i < count; i++)
        cells->cells[i] = cell[i];
    cells->near = g_new(struct near, count + 1);
    cells->cuts = g_new(double, 4 * (size_t)count + 2);
    return cells;
}

void cells_free(struct cells *cells)
{
    if (!cells)
        return;
    g_free(cells->near);
    g_free(cells->cuts);
    g_free(cells);
}

const struct cell *cells_get(const struct cells *cells, uint32_t index)
{
    return &cells->cells[index];
}

static double distance_between(const struct scenario_point *a, const struct scenario_point *b)
{
    double dx = (double)(b->x - a->x), dy = (double)(b->y - a->y);
    return sqrt(dx * dx + dy * dy);
}

time_ns cells_travel_time(const struct scenario_point *from, const struct scenario_point *to, int64_t speed)
{
    double nanoseconds = distance_between(from, to) * 3.6e12 / (double)speed;
    if (nanoseconds >= 0x1p62)
        return (time_ns)1 << 62;
    return MAX((time_ns)(nanoseconds + 0.5), 1);
}

static struct line line_of(const struct leg *leg)
{
    return (struct line){
        .length = distance_between(&leg->from, &leg->to),
        .duration = (double)(leg->end - leg->start),
        .dx = (double)(leg->to.x - leg->from.x),
        .dy = (double)(leg->to.y - leg->from.y),
    };
}

static struct near place(const struct cell *cell, const struct leg *leg, const struct line *line)
{
    double cx = (double)(cell->centre.x - leg->from.x), cy = (double)(cell->centre.y - leg->from.y);
    struct near near = {.range = (double)cell->range};
    if (line->length > 0) {
        near.p = (cx * line->dx + cy * line->dy) / line->length;
        near.q = (line->dx * cy - line->dy * cx) / line->length;
    } else {
        near.q = sqrt(cx * cx + cy * cy);
    }
    return near;
}

static double distance_at(const struct near *near, double s)
{
    double along = s - near->p;
    return sqrt(along * along + near->q * near->q);
}

/* Nanoseconds after the leg's start, and the way gone by then. */
static double time_at(const struct line *line, double s)
{
    return s * line->duration / line->length;
}

static double way_at(const struct line *line, double u)
{
    return line->length > 0 ? u * line->length / line->duration : 0;
}

/* A nanosecond, or what can be told apart on a leg of many years. */
static double least_step(const struct line *line)
{
    return line->length > 0 ? fmax(1, line->duration * 0x1p-50) : 1;
}

/* The cells that the leg touches, and the present one. */
static unsigned find_near(struct cells *cells, const struct leg *leg, const struct line *line,
                          uint32_t present)
{
    int64_t left = MIN(leg->from.x, leg->to.x), right = MAX(leg->from.x, leg->to.x);
    int64_t bottom = MIN(leg->from.y, leg->to.y), top = MAX(leg->from.y, leg->to.y);
    unsigned count = 0;
    for (uint32_t i = 0; i < cells->count; i++) {
        const struct cell *cell = &cells->cells[i];
        int64_t x = cell->centre.x, y = cell->centre.y, range = cell->range;
        if (i != present && (x < left - range || x > right + range || y < bottom - range || y > top + range))
            continue;
        cells->near[count] = place(cell, leg, line);
        cells->near[count++].index = i;
    }
    return count;
}

/* -- cuts, in nanoseconds after the start of the leg -- */

struct cutter {
    const struct line *line;
    double least, most; /* between them */
    double *cuts;
    unsigned count;
};

static void cut(struct cutter *cutter, double s)
{
    double u = time_at(cutter->line, s);
    if (u > cutter->least && u < cutter->most) /* false for what is no number */
        cutter->cuts[cutter->count++] = u;
}

static void cut_at_range(struct cutter *cutter, const struct near *near)
{
    double beside = fabs(near->q);
    if (!(near->range > beside))
        return;
    double half = sqrt((near->range - beside) * (near->range + beside));
    cut(cutter, near->p - half);
    cut(cutter, near->p + half);
}

/* Two steps of Newton's towards where one is farther than the other by `lead`: what squaring has cost in
 * precision is won back. */
static double refine(const struct near *far, const struct near *close, double lead, double s)
{
    for (int i = 0; i < 2; i++) {
        double d = distance_at(far, s), e = distance_at(close, s);
        double slope = (d > 0 ? (s - far->p) / d : 0) - (e > 0 ? (s - close->p) / e : 0);
        double step = (d - e - lead) / slope;
        if (!(fabs(slope) > 1e-9) || !(fabs(step) < lead))
            break;
        s -= step;
    }
    return s;
}

/*
 * Where the distance from `far` exceeds that from `close` by `lead`. With s counted from the foot of `close`,
 * the squares of the two distances differ by k0 + b s, so that squaring d = e + lead twice leaves
 *
 *     (k + b s)^2 = 4 lead^2 (s^2 + q^2),    k = k0 - lead^2, q that of `close`
 */
static void cut_at_lead(struct cutter *cutter, const struct near *far, const struct near *close, double lead)
{
    double offset = far->p - close->p;
    double b = -2 * offset;
    double k = offset * offset + (far->q - close->q) * (far->q + close->q) - lead * lead;
    if (lead == 0) {
        cut(cutter, close->p - k / b);
        return;
    }
    double a = (b - 2 * lead) * (b + 2 * lead);
    double half = k * b;
    double c = (k - 2 * lead * close->q) * (k + 2 * lead * close->q);
    double discriminant = half * half - a * c;
    if (discriminant < 0)
        return;
    double larger = half < 0 ? sqrt(discriminant) - half : -half - sqrt(discriminant);
    cut(cutter, refine(far, close, lead, close->p + larger / a));
    cut(cutter, refine(far, close, lead, close->p + c / larger));
}

static int compare_cuts(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Where, after `since`, anything might change for who is attached to `present`: sorted, the end of the leg
 * last. Returns how many. */
static unsigned make_cuts(struct cells *cells, unsigned near_count, const struct leg *leg,
                          const struct line *line, time_ns since, uint32_t present, int64_t hysteresis)
{
    struct cutter cutter = {.line = line,
                            .least = (double)(since - leg->start) + least_step(line),
                            .most = line->duration,
                            .cuts = cells->cuts};
    const struct near *held = NULL;
    for (unsigned i = 0; i < near_count; i++)
        if (cells->near[i].index == present)
            held = &cells->near[i];
    for (unsigned i = 0; i < near_count && line->length > 0; i++) {
        cut_at_range(&cutter, &cells->near[i]);
        if (held && held != &cells->near[i])
            cut_at_lead(&cutter, held, &cells->near[i], (double)hysteresis);
    }
    qsort(cutter.cuts, cutter.count, sizeof *cutter.cuts, compare_cuts);
    cutter.cuts[cutter.count] = line->duration;
    return cutter.count + 1;
}

/* -- answers -- */

/*
 * Between two cuts: which cells it is in, and whether it stays with the present one, is the same throughout,
 * and so asked in the middle, far from both. To which other it goes is asked where the time between them
 * begins.
 */
static uint32_t choose_between(const struct cells *cells, unsigned near_count, const struct line *line,
                               double begin, double end, uint32_t present, int64_t hysteresis)
{
    uint32_t nearest = CELL_NONE; /* of the others */
    double start = way_at(line, begin), middle = way_at(line, (begin + end) / 2);
    double least_at_start = INFINITY, least = INFINITY, held = INFINITY;
    for (unsigned i = 0; i < near_count; i++) {
        const struct near *near = &cells->near[i];
        double distance = distance_at(near, middle), at_start = distance_at(near, start);
        if (distance > near->range)
            continue;
        least = fmin(least, distance);
        if (near->index == present) {
            held = distance;
        } else if (at_start < least_at_start) {
            least_at_start = at_start;
            nearest = near->index;
        }
    }
    return held - least <= (double)hysteresis ? present : nearest;
}

uint32_t cells_choose(struct cells *cells, const struct leg *leg, time_ns since, uint32_t present,
                      int64_t hysteresis)
{
    struct line line = line_of(leg);
    unsigned near_count = find_near(cells, leg, &line, present);
    make_cuts(cells, near_count, leg, &line, since, present, hysteresis);
    return choose_between(cells, near_count, &line, (double)(since - leg->start), cells->cuts[0], present,
                          hysteresis);
}

bool cells_next_change(struct cells *cells, const struct leg *leg, time_ns since, uint32_t present,
                       int64_t hysteresis, time_ns *when, uint32_t *next)
{
    struct line line = line_of(leg);
    if (!(line.length > 0))
        return false;
    unsigned near_count = find_near(cells, leg, &line, present);
    unsigned cut_count = make_cuts(cells, near_count, leg, &line, since, present, hysteresis);
    for (unsigned i = 0; i + 1 < cut_count; i++) {
        uint32_t choice =
            choose_between(cells, near_count, &line, cells->cuts[i], cells->cuts[i + 1], present, hysteresis);
        if (choice == present)
            continue;
        *when = leg->start + (time_ns)(cells->cuts[i] + 0.5);
        *next = choice;
        return *when < leg->end;
    }
    return false;
}

time_ns cells_exit(const struct cell *cell, const struct leg *leg, time_ns since)
{
    struct line line = line_of(leg);
    struct near near = place(cell, leg, &line);
    double cuts[2];
    struct cutter cutter = {.line = &line,
                            .least = (double)(since - leg->start) + least_step(&line),
                            .most = line.duration,
                            .cuts = cuts};
    if (!(line.length > 0))
        return TIME_NEVER;
    cut_at_range(&cutter, &near);
    return cutter.count ? leg->start + (time_ns)(cuts[cutter.count - 1] + 0.5) : TIME_NEVER;
}

bool cells_covers(const struct cell *cell, const struct leg *leg, time_ns since)
{
    struct line line = line_of(leg);
    struct near near = place(cell, leg, &line);
    double u = (double)(since - leg->start) + least_step(&line);
    return distance_at(&near, way_at(&line, fmin(u, line.duration))) <= near.range;
}
