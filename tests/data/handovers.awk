# A handovers.csv with known numbers, written without the simulator.
#
#     awk -v shape=SHAPE [-v replications=N] -f handovers.awk >DIR/handovers.csv
#
# SHAPE: two (two delay axes and the method), one (one delay axis and the method), category (an axis that is no number), none
# (no sweep), single (one run of one handover under each method, one of which is never completed), silent (no traffic: no outage).
#
# With a the delay between mobile node and home agent, c that between mobile node and correspondent, b = a + c between home agent and
# correspondent: home registration takes 2a, the tests max(2(a+b), 2c), the update c; the link-layer handover 40 ms to
# 80 ms and movement detection 0 to 50 ms, the same for both methods; address configuration 1 s.
# SPDX-License-Identifier: GPL-2.0-or-later

function uniform(from, to)
{
    state = (state * 16807) % 2147483647
    return from + (to - from) * state / 2147483647
}

function seconds(value)
{
    return sprintf("%.9f", value)
}

function row(point, replication, axes, method, a, c, bound,    down, up, advertisement, usable, home, tested, update, done, gap)
{
    state = 20240229 + 7919 * replication
    uniform(0, 1)
    down = 10
    up = down + uniform(0.040, 0.080)
    advertisement = up + uniform(0, 0.050)
    usable = advertisement + 1
    home = usable + 2 * a
    tested = method == "static-key" ? home : home + 2 * (2 * a + c)
    update = tested
    done = update + c
    gap = home + a + 0.010 - down
    printf "%d,%d%s,mn,1,cn,%s,home,visited", point, replication, axes, method
    printf ",%s,%s,%s,%s,%s,%s,%s", seconds(down), seconds(up), seconds(advertisement), seconds(advertisement), \
        seconds(usable), seconds(usable), seconds(home)
    if (method == "static-key")
        printf ",,,,"
    else
        printf ",%s,%s,%s,%s", seconds(home), seconds(home), seconds(tested), seconds(home + 2 * c)
    printf ",%s,%s,%s,%s,%s,%s", seconds(update), bound ? seconds(done) : "", bound ? seconds(done + c) : "", \
        seconds(home + a), bound ? seconds(done + c) : "", bound ? seconds(update + c) : ""
    printf ",%s,%s,%s,%s", seconds(up - down), seconds(advertisement - up), seconds(usable - advertisement), seconds(home - usable)
    printf ",%s", method == "static-key" ? "" : seconds(tested - home)
    printf ",%s,%s,%s,%s", bound ? seconds(done - update) : "", bound ? seconds(done - usable) : "", \
        bound ? seconds(done - down) : "", shape == "silent" ? "" : seconds(gap)
    printf ",%d,%d,40,2,%d,%d,%d,%d\n", gap * 50, (done - home) * 50, method == "static-key" ? 4 : 8, \
        method == "static-key" ? 368 : 672, method == "static-key" ? 2 : 6, method == "static-key" ? 192 : 432
}

function sweep(a_count, c_count, axes,    point, m, i, j, r, text)
{
    for (m = 1; m <= 2; m++)
        for (i = 1; i <= a_count; i++)
            for (j = 1; j <= c_count; j++) {
                text = "," methods[m]
                text = text (a_count > 1 ? "," delays[i] "ms" : "") (c_count > 1 ? "," delays[j] "ms" : "")
                for (r = 0; r < replications; r++)
                    row(point, r, text, methods[m], delays[a_count > 1 ? i : 2] / 1000, delays[c_count > 1 ? j : 2] / 1000, 1)
                point++
            }
}

BEGIN {
    if (replications == "")
        replications = 30
    count = split("1 10 25 50 100", delays, " ")
    split("return-routability static-key", methods, " ")
    axes = ""
    if (shape == "two")
        axes = ",peers mn cn / authorization,point-to-point ha-core / delay,point-to-point cn-core / delay"
    else if (shape == "one" || shape == "silent")
        axes = ",peers mn cn / authorization,point-to-point ha-core / delay"
    else if (shape == "category")
        axes = ",access-lan visited / handover-delay"
    printf "point,replication%s,node,handover,correspondent,authorization,from_link,to_link", axes
    printf ",link_down,link_up,router_advertisement,address_tentative,care_of_address_usable,home_update_sent"
    printf ",home_acknowledgement_received,home_test_init_sent,care_of_test_init_sent,home_test_received"
    printf ",care_of_test_received,correspondent_update_sent,correspondent_bound,correspondent_acknowledgement_received"
    printf ",first_tunnelled_packet,first_optimized_downlink,first_optimized_uplink,link_handover,movement_detection"
    printf ",address_configuration,home_registration,return_routability,correspondent_registration,binding_latency"
    printf ",handover_latency,outage,packets_lost,packets_tunnelled,packets_optimized,packets_misdirected"
    print ",mobile_messages,mobile_octets,correspondent_messages,correspondent_octets"
    if (shape == "two")
        sweep(count, 4)
    else if (shape == "one" || shape == "silent")
        sweep(count, 1)
    else if (shape == "category")
        for (i = 1; i <= 3; i++)
            for (r = 0; r < replications; r++)
                row(i - 1, r, ",\"uniform(" 40 * i "ms, " 80 * i "ms)\"", "static-key", 0.01 * i, 0.01, 1)
    else if (shape == "none")
        for (r = 0; r < replications; r++)
            row(0, r, "", "return-routability", 0.01, 0.02, 1)
    else {
        row(0, 0, "", "return-routability", 0.01, 0.02, 1)
        row(0, 0, "", "static-key", 0.01, 0.02, 0)
    }
}
