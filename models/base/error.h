/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - what can go wrong for the caller of a function in models/: 0 is success, these are negative.
 * What is wrong with a packet from outside is a discard_reason (models/environment.h), not an error.
 */
#ifndef MIP6SIM_MODELS_BASE_ERROR_H
#define MIP6SIM_MODELS_BASE_ERROR_H

enum error {
    ERROR_NONE = 0,
    ERROR_MEMORY = -1,      /* allocation failed */
    ERROR_ARGUMENT = -2,    /* a parameter is outside its documented range */
    ERROR_NO_ROUTE = -3,    /* no route, or no source address fits */
    ERROR_TOO_BIG = -4,     /* larger than the path or the format allows */
    ERROR_EXISTS = -5,      /* already there */
    ERROR_NOT_FOUND = -6,   /* nothing of that name or address */
    ERROR_CRYPTO = -7,      /* libcrypto refused */
    ERROR_CAPACITY = -8,    /* a configured limit is reached */
};

#endif
