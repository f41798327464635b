/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * security.h - the keys that mobile nodes and their home agents share, as the scenario gives them or drawn
 * from the seed, and the file that lets Wireshark decrypt what they protect.
 */
#ifndef MIP6SIM_SIM_NETWORK_SECURITY_H
#define MIP6SIM_SIM_NETWORK_SECURITY_H

#include <glib.h>

#include "sim/network/simulation.h"

/* Sets up IPsec at every mobile node that the scenario wants it for, and at each home agent that it may
 * register with. All nodes must have their roles. 0 or a negative error of ipsec_protect(). */
int security_protect(struct simulation *simulation);
/* The same at one node that has been made again; numbers and keys are what they were. */
int security_protect_node(struct simulation *simulation, struct network_node *node);
/* What a mobile node and a home agent have configured, for each home agent and prefix of its, from 0. False:
 * past the last. */
struct ipsec_configuration;
bool security_configuration(struct simulation *simulation, const struct network_node *mobile, uint32_t number,
                            struct ipsec_configuration *configuration);
/* The action, which is SCENARIO_IPSEC_REKEY, _OFF or _ON, is carried out for this mobile node and its home
 * agents. */
void security_change(struct simulation *simulation, struct network_node *mobile,
                     const struct scenario_action *action);
/* The link has a new prefix: home addresses and home agents in it get associations, unless they have them. */
void security_add_prefix(struct simulation *simulation, uint32_t link, const struct ipv6_address *prefix);
/* How the associations of this number are called in the scenario: aes-cbc and the like. */
const char *security_encryption_name(const struct ipsec_configuration *configuration);
bool security_is_off(const struct simulation *simulation, const struct network_node *mobile);
void security_free(struct simulation *simulation);

/* Opens ESP of any association of the simulation, as who has all keys can: `length` octets from its header
 * on, payload with room for as many. What the nodes remember of sequence numbers is not touched, and a
 * replayed packet is opened as any. False: nobody's, or not intact. */
bool security_open(struct simulation *simulation, const uint8_t *esp, size_t length, uint8_t *payload,
                   size_t *payload_length, uint8_t *next_header);

/* Writes every security association that there is or has been into esp_sa in the directory, as Wireshark and
 * tshark read it; no file if there is none. FALSE and error (G_FILE_ERROR): could not. */
bool security_write_keys(struct simulation *simulation, const char *directory, GError **error);

#endif
