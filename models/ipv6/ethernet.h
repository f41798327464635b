/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ethernet.h - the Ethernet II frame that carries an IPv6 packet (RFC 2464, 3): destination, source, type.
 */
#ifndef MIP6SIM_MODELS_IPV6_ETHERNET_H
#define MIP6SIM_MODELS_IPV6_ETHERNET_H

#define ETHERNET_HEADER_LENGTH 14
#define ETHERNET_TYPE_IPV6 0x86dd
#define ETHERNET_MTU 1500

#endif
