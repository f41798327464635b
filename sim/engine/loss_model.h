/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loss_model.h - whether a link loses what it is given: each packet alike, or in bursts.
 *
 * Bursts follow Gilbert and Elliott (E. N. Gilbert, "Capacity of a burst-noise channel", BSTJ 39, 1960;
 * E. O. Elliott, "Estimates of error rates for codes on burst-noise channels", BSTJ 42, 1963): one direction
 * of a link is in a good or in a bad state, each with a probability of loss of its own. It begins good.
 *
 *   - by packets: before each packet it goes from good to bad with one probability, from bad to good with
 *     another. Who sends more, changes state more often.
 *   - by time: it stays in each state for an exponential time of a given mean, whatever is sent: bursts are
 *     then the same for all that is compared.
 */
#ifndef MIP6SIM_SIM_ENGINE_LOSS_MODEL_H
#define MIP6SIM_SIM_ENGINE_LOSS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "sim/engine/random.h"

#define LOSS_MODEL_STAY_LEAST MICROSECONDS(100) /* mean: states that nobody sends in are passed one by one */

struct loss_model {
    double probability;     /* of each packet's loss, in the good state or where there are no bursts */
    double bad_probability; /* in the bad state */
    double worsen, recover; /* by packets: from good to bad, from bad to good; worsen 0: no bursts */
    time_ns good_mean;      /* by time: means of the stays; 0: by packets */
    time_ns bad_mean;
};

/* Of one direction of one link. Zeroed: at the beginning. */
struct loss_state {
    time_ns until;  /* by time: when the present stay ends */
    uint32_t steps; /* taken of the stream of changes */
    bool bad;
};

static inline bool loss_model_has_bursts(const struct loss_model *model)
{
    return model->worsen > 0 || model->good_mean > 0;
}

/* Nothing is ever lost. */
static inline bool loss_model_is_none(const struct loss_model *model)
{
    return model->probability <= 0 && !loss_model_has_bursts(model);
}

/* The probability with which the packet sent now is lost; called once for each packet, at times that do not
 * go back. `changes` is the stream of changes of state at its start, which the call does not keep. */
double loss_model_next(const struct loss_model *model, struct loss_state *state, struct random_stream changes,
                       time_ns now);

#endif
