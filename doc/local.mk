# Installed with the program: documents (dist_doc_DATA), the man page (dist_man_MANS), and the scenarios that ship
# (nobase_dist_pkgdata_DATA, which keeps their folder: share/mip6sim/scenarios).
dist_doc_DATA += doc/architecture.md doc/scenario-reference.md
nobase_dist_pkgdata_DATA += scenarios/first-handover.ini scenarios/return-home.ini scenarios/rr-vs-kbm.ini
nobase_dist_pkgdata_DATA += scenarios/home-agent-discovery.ini scenarios/renumbering.ini
nobase_dist_pkgdata_DATA += scenarios/ten-handovers.ini scenarios/triangle.ini
nobase_dist_pkgdata_DATA += scenarios/two-home-addresses.ini scenarios/two-mobile-nodes.ini scenarios/many-mobile-nodes.ini scenarios/plain-correspondent.ini
nobase_dist_pkgdata_DATA += scenarios/overlapping-links.ini
nobase_dist_pkgdata_DATA += scenarios/simultaneous-mobility.ini
nobase_dist_pkgdata_DATA += scenarios/movement/cells.ini scenarios/movement/random-waypoint.ini
nobase_dist_pkgdata_DATA += scenarios/movement/flash-crowd.ini
nobase_dist_pkgdata_DATA += scenarios/movement/road.ini scenarios/movement/train.ini
nobase_dist_pkgdata_DATA += scenarios/movement/ping-pong.ini scenarios/movement/residence.ini
nobase_dist_pkgdata_DATA += scenarios/movement/trace.ini scenarios/movement/trace.txt
dist_doc_DATA += README.md doc/rr-vs-kbm.svg
EXTRA_DIST += results/README.md
dist_man_MANS += doc/mip6sim.1
dist_doc_DATA += doc/rfc-map.md
nobase_dist_pkgdata_DATA += scenarios/faults/handover-under-loss.ini
nobase_dist_pkgdata_DATA += scenarios/faults/clock-drift.ini scenarios/faults/loss-bursts.ini scenarios/faults/rough-path.ini
nobase_dist_pkgdata_DATA += scenarios/faults/address-collision.ini scenarios/faults/binding-expiry.ini
nobase_dist_pkgdata_DATA += scenarios/faults/ingress-filtering.ini scenarios/faults/nonce-expiry.ini
nobase_dist_pkgdata_DATA += scenarios/faults/silent-router.ini scenarios/faults/lost-message.ini
nobase_dist_pkgdata_DATA += scenarios/faults/reboot.ini scenarios/faults/rekey.ini
