/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.h - IPsec in a node (RFC 4301, 5): what the IPv6 layer asks of it for packets out and in.
 *
 * A node whose `ipsec` is NULL has none, and none of these functions is called. The policy is that of
 * Mobile IPv6 between mobile node and home agent (policy.h); the addresses it is applied to are those that
 * upper layers see, home addresses (RFC 6275, 11.3.2; RFC 3776, 4.2), so that where the mobile node is
 * makes no difference to it. The outer addresses of a tunnel are whatever its entry and its exit are at
 * that moment: when the care-of address changes, nothing has to be changed here (RFC 3776, 4.3). Keys are
 * configured at both ends; there is no key exchange.
 */
#ifndef MIP6SIM_MODELS_IPSEC_IPSEC_H
#define MIP6SIM_MODELS_IPSEC_IPSEC_H

#include <stdbool.h>

#include "models/base/time.h"
#include "models/ipsec/esp.h"
#include "models/ipsec/policy.h"
#include "models/ipv6/ipv6.h"

struct node;

/* What both ends configure for one home address and one home agent: the same, but for `role`. */
struct ipsec_configuration {
    struct esp_engine *engine; /* borrowed while the node lives; one for all nodes of a thread will do */
    struct ipv6_address home_address;
    struct ipv6_address home_agent;
    enum ipsec_role role;
    enum esp_encryption encryption;
    enum esp_integrity integrity;
    uint8_t encryption_key_length; /* octets */
    bool payload;                  /* protect all that is tunnelled, not only the home tests */
    struct {
        uint32_t spi; /* at least SPI_LEAST; the receiver has no other with this number */
        uint8_t encryption_key[ESP_ENCRYPTION_KEY_MAX];
        uint8_t integrity_key[ESP_INTEGRITY_KEY_MAX]; /* esp_integrity_key_length() octets */
    } associations[ASSOCIATION_USES];
};

struct ipsec {
    struct esp_engine *engine;
    struct association_database associations; /* inbound ones */
    struct policy_database policies;
    bool payload; /* some policy protects payload */
};

/* Sets up the four associations. The configuration is copied. 0, ERROR_ARGUMENT (a key's length, an SPI, an
 * address), ERROR_EXISTS (the pair of addresses or an SPI is taken), ERROR_MEMORY; then nothing has
 * changed. */
int ipsec_protect(struct node *node, const struct ipsec_configuration *configuration);
/* Takes the four away again, with the policy: from now on nothing between the two addresses is protected, nor
 * need it be. What is under way under them will be discarded. ERROR_NOT_FOUND. */
int ipsec_unprotect(struct node *node, const struct ipv6_address *home_address,
                    const struct ipv6_address *home_agent, enum ipsec_role role);
void ipsec_free(struct node *node); /* harmless without */

/* -- the IPv6 layer's questions; node->ipsec is not NULL -- */

/* An upper-layer packet of this node's own, complete but for its headers: in transport mode, if policy
 * demands it, ESP takes its place in out->packet and out->next_header. False: it must not go out, *reason
 * tells why. */
bool ipsec_send(struct node *node, struct outbound *out, enum discard_reason *reason);

/* A packet (IPv6 header first) that enters the tunnel between these addresses. PROTECT: under
 * *association. */
enum policy_action ipsec_tunnel_policy(const struct node *node, const struct packet *inner,
                                       const struct ipv6_address *entry, const struct ipv6_address *exit,
                                       struct security_association **association);
/* Puts it under ESP, in tunnel mode. False: as above. */
bool ipsec_protect_tunnelled(struct node *node, struct security_association *association,
                             struct packet **packet, enum discard_reason *reason);

/* An ESP header at in->offset: verifies, decrypts, sees to it that the association is for such a packet,
 * and goes on with what was inside (ipv6_receive_header). Takes in->packet. */
void ipsec_receive(struct node *node, struct inbound *in, time_ns now);

/* The message at in->offset, in->source settled: it was protected, or need not be. */
bool ipsec_accepts(const struct node *node, const struct inbound *in);
/* The same of the tunnelled packet at in->offset. */
bool ipsec_accepts_tunnelled(const struct node *node, const struct inbound *in);

#endif
