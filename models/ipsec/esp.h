/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp.h - the Encapsulating Security Payload (RFC 4303) with AES-CBC (RFC 3602), 3DES-CBC (RFC 2451) or
 * NULL encryption (RFC 2410), and HMAC-SHA1-96 (RFC 2404) or HMAC-SHA-256-128 (RFC 4868). The one user of
 * libcrypto in ipsec/.
 *
 *     SPI (4) | sequence number (4) | initialization vector | payload | padding 1, 2, 3, ... | pad length (1)
 *     | next header (1) | integrity check value
 *
 * The same for both modes: what goes in is what transport or tunnel mode makes the payload.
 */
#ifndef MIP6SIM_MODELS_IPSEC_ESP_H
#define MIP6SIM_MODELS_IPSEC_ESP_H

#include <stddef.h>
#include <stdint.h>

#include "models/base/packet.h"
#include "models/environment.h"
#include "models/ipsec/security_association.h"

#define ESP_HEADER_LENGTH 8
#define ESP_IV_MAX        16
#define ESP_MAC_MAX       32

/*
 * Algorithms and contexts of libcrypto, made when first needed, shared by as many associations and nodes as
 * one thread has: an association costs its keys and nothing else. NULL: no memory.
 */
struct esp_engine;
struct esp_engine *esp_engine_new(void);
void esp_engine_free(struct esp_engine *engine); /* NULL is harmless */

/* Octets of an initialization vector under this association. */
size_t esp_iv_length(const struct security_association *association);
/* Octets of all of the above around so long a payload. */
size_t esp_length(const struct security_association *association, size_t payload);
/* The longest payload for which that is at most `length`; 0: none. */
size_t esp_payload_most(const struct security_association *association, size_t length);

/* The association's HMAC of these octets, whole: RFC 2404 sends the first 12 of its 20 octets, RFC 4868 the
 * first 16 of 32. False: libcrypto refused. */
bool esp_compute_mac(struct esp_engine *engine, const struct security_association *association,
                     const uint8_t *octets, size_t length, uint8_t value[ESP_MAC_MAX]);

/*
 * Puts *packet, whole, under ESP, with the next sequence number and this initialization vector
 * (esp_iv_length octets, unpredictable). Takes *packet and puts another in its place, with PACKET_HEADROOM;
 * on error *packet stays as it is. 0, ERROR_CAPACITY (sequence numbers are used up), ERROR_CRYPTO.
 */
int esp_encapsulate(struct esp_engine *engine, struct security_association *association, const uint8_t *iv,
                    struct packet **packet, uint8_t next_header);

/*
 * Verifies and decrypts (RFC 4303, 3.4): `length` octets from the ESP header to the end of the packet.
 * payload has room for `length` octets; on success it begins with *payload_length octets of protocol
 * *next_header, and the association has taken note of the sequence number. DISCARD_NONE, HEADER_TRUNCATED,
 * IPSEC_REPLAY, IPSEC_INTEGRITY, IPSEC_FORMAT (padding that cannot be).
 */
enum discard_reason esp_decapsulate(struct esp_engine *engine, struct security_association *association,
                                    const uint8_t *esp, size_t length, uint8_t *payload,
                                    size_t *payload_length, uint8_t *next_header);

#endif
