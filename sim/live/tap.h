/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.h - a Linux TAP interface (Documentation/networking/tuntap.rst of the kernel): Ethernet II frames, to
 * and fro through a file descriptor.
 *
 * Only IPv6 comes in: frames that are too long for the LAN, too short, or something else (IPv4, ARP, LLDP,
 * reports of multicast listeners) are counted and ignored.
 */
#ifndef MIP6SIM_SIM_LIVE_TAP_H
#define MIP6SIM_SIM_LIVE_TAP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAP_FRAME_MAX (14 + 65535)

enum tap_verdict { TAP_FRAME_GOOD, TAP_FRAME_RUNT, TAP_FRAME_NOISE, TAP_FRAME_GIANT, TAP_FRAME_LISTENER };

/* Is this frame one for a LAN with this MTU? */
enum tap_verdict tap_judge(const uint8_t *octets, size_t length, unsigned mtu);

struct tap_counts {
    uint64_t received;  /* frames that went into the LAN */
    uint64_t sent;      /* frames that the kernel took */
    uint64_t runts;     /* shorter than an Ethernet header */
    uint64_t giants;    /* longer than the LAN's MTU allows */
    uint64_t noise;     /* no IPv6 */
    uint64_t listeners; /* Multicast Listener Discovery (RFC 2710, RFC 3810) */
    uint64_t refused;   /* frames that the kernel did not take: its queue is full, or the interface is down */
};

struct tap {
    int descriptor; /* non-blocking */
    char *interface;
    unsigned mtu;           /* of the LAN */
    unsigned interface_mtu; /* when it was attached to; 0: unknown */
    struct tap_counts counts;
    bool gone; /* somebody has deleted the interface */
};

/*
 * Attaches to the interface, or makes it, in the network namespace of the process; it goes up, and one that
 * is new has the LAN's MTU and disappears with the process. NULL and error (G_FILE_ERROR), with a hint where
 * privileges lack.
 */
struct tap *tap_open(const char *interface, unsigned mtu, GError **error);
/* May an interface have this name at all? False and error. */
bool tap_check_name(const char *interface, GError **error);
void tap_free(struct tap *tap); /* NULL is harmless */
/* "up", "down" (somebody has put it down) or "deleted". */
const char *tap_state(const struct tap *tap);

/*
 * The next frame that is for the LAN; the octets (of at least TAP_FRAME_MAX + 1) are the caller's. Its
 * length; 0: there is none now; negative: there has been one, and it was ignored.
 */
int tap_read(struct tap *tap, uint8_t *octets);
void tap_write(struct tap *tap, const void *octets, size_t length);

#endif
