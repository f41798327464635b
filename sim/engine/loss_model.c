/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loss_model.c - see loss_model.h. A change of state takes one step of its stream, by packets as by time, and
 * the position in it is all that is kept.
 */
#include "sim/engine/loss_model.h"

#include <math.h>

static time_ns exponential(time_ns mean, struct random_stream *stream)
{
    double stay = -log(random_unit_open(stream)) * (double)mean;
    return stay < 1 ? 1 : (time_ns)stay;
}

static void stay_until(const struct loss_model *model, struct loss_state *state, struct random_stream *stream,
                       time_ns now)
{
    while (state->until <= now) {
        state->bad = state->steps > 0 && !state->bad;
        state->until =
            time_add(state->until, exponential(state->bad ? model->bad_mean : model->good_mean, stream));
        state->steps++;
    }
}

double loss_model_next(const struct loss_model *model, struct loss_state *state, struct random_stream changes,
                       time_ns now)
{
    if (!loss_model_has_bursts(model))
        return model->probability;
    random_skip(&changes, state->steps);
    if (model->good_mean > 0) {
        stay_until(model, state, &changes, now);
    } else {
        if (random_unit(&changes) < (state->bad ? model->recover : model->worsen))
            state->bad = !state->bad;
        state->steps++;
    }
    return state->bad ? model->bad_probability : model->probability;
}
