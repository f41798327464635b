# The protocols: libmip6_a_SOURCES, .c and .h files, one `+=` a folder.

# What machines share.
libmip6_a_SOURCES += \
    models/base/cache.h \
    models/base/cursor.h \
    models/base/error.h \
    models/base/packet.c models/base/packet.h \
    models/base/time.h \
    models/base/timer.c models/base/timer.h

# The boundary.
libmip6_a_SOURCES += \
    models/environment.c models/environment.h \
    models/unsafe.h

# IPv6: addresses, Neighbor Discovery, routing, forwarding, ICMPv6, UDP, tunnels.
libmip6_a_SOURCES += \
    models/ipv6/address.c models/ipv6/address.h \
    models/ipv6/address_configuration.c models/ipv6/address_configuration.h \
    models/ipv6/address_table.c models/ipv6/address_table.h \
    models/ipv6/checksum.c \
    models/ipv6/ethernet.c models/ipv6/ethernet.h \
    models/ipv6/extension_header.c models/ipv6/extension_header.h \
    models/ipv6/forward.c \
    models/ipv6/fragment.c models/ipv6/fragment.h \
    models/ipv6/icmpv6.c models/ipv6/icmpv6.h \
    models/ipv6/input.c \
    models/ipv6/ipv6.h \
    models/ipv6/loopback.c models/ipv6/loopback.h \
    models/ipv6/nd_message.c models/ipv6/nd_message.h \
    models/ipv6/nd_option.c models/ipv6/nd_option.h \
    models/ipv6/neighbor_cache.c \
    models/ipv6/neighbor_discovery.c models/ipv6/neighbor_discovery.h \
    models/ipv6/next_hop.c models/ipv6/next_hop.h \
    models/ipv6/node.c models/ipv6/node.h \
    models/ipv6/output.c \
    models/ipv6/path_mtu.c models/ipv6/path_mtu.h \
    models/ipv6/redirect.c models/ipv6/redirect.h \
    models/ipv6/router_advertisement.c models/ipv6/router_advertisement.h \
    models/ipv6/router_discovery.c models/ipv6/router_discovery.h \
    models/ipv6/routing_table.c models/ipv6/routing_table.h \
    models/ipv6/source_address.c \
    models/ipv6/tunnel.c models/ipv6/tunnel.h \
    models/ipv6/udp.c models/ipv6/udp.h

# IPsec between mobile node and home agent.
libmip6_a_SOURCES += \
    models/ipsec/esp.c models/ipsec/esp.h \
    models/ipsec/ipsec.c models/ipsec/ipsec.h \
    models/ipsec/policy.c models/ipsec/policy.h \
    models/ipsec/security_association.c models/ipsec/security_association.h

# Mobile node, home agent, correspondent node.
libmip6_a_SOURCES += \
    models/mobility/authorization.h \
    models/mobility/binding_acknowledgement.c \
    models/mobility/binding_cache.c models/mobility/binding_cache.h \
    models/mobility/binding_update_list.c models/mobility/binding_update_list.h \
    models/mobility/correspondent_node.c models/mobility/correspondent_node.h \
    models/mobility/discovery_message.c models/mobility/discovery_message.h \
    models/mobility/home_agent.c models/mobility/home_agent.h \
    models/mobility/home_agent_discovery.c models/mobility/home_agent_discovery.h \
    models/mobility/home_agent_packets.c \
    models/mobility/home_agent_prefixes.c \
    models/mobility/home_agents_list.c models/mobility/home_agents_list.h \
    models/mobility/home_prefix_list.c models/mobility/home_prefix_list.h \
    models/mobility/keygen.c models/mobility/keygen.h \
    models/mobility/message.c models/mobility/message.h \
    models/mobility/mobile_node.c models/mobility/mobile_node.h \
    models/mobility/mobile_node_packets.c \
    models/mobility/mobility.c models/mobility/mobility.h \
    models/mobility/movement.c \
    models/mobility/nonce.c models/mobility/nonce.h \
    models/mobility/pending_tests.c models/mobility/pending_tests.h \
    models/mobility/prefix_advertisement.c models/mobility/prefix_advertisement.h \
    models/mobility/prefix_discovery.c models/mobility/prefix_discovery.h \
    models/mobility/return_routability.c \
    models/mobility/static_key.c models/mobility/static_key.h

# Sources and sinks.
libmip6_a_SOURCES += \
    models/traffic/flow.c models/traffic/flow.h

# Adversaries.
libmip6_a_SOURCES += \
    models/attack/attacker.c models/attack/attacker.h \
    models/attack/eavesdropper.c models/attack/eavesdropper.h \
    models/attack/flooder.c models/attack/flooder.h \
    models/attack/forged_message.c models/attack/forged_message.h \
    models/attack/forged_packet.c models/attack/forged_packet.h \
    models/attack/forger.c models/attack/forger.h \
    models/attack/replayer.c models/attack/replayer.h
