/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_live.c - packets a second from TAP to TAP through two simulated routers, in real time, and the lag
 * meanwhile.
 *
 * In a network namespace of its own the program (./mip6sim, or MIP6SIM) runs live with two TAPs. IPv6 packets
 * of 100 octets go into the one through a packet socket, first as fast as they can, to see what gets through,
 * then at half of that rate, to see the lag where there is no overload. What comes out of the other is what
 * its interface counts; before that some are looked at there, one by one: they are the ones sent, have passed
 * two routers, and have taken the millisecond that the link between them takes.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_MEASURED 3.0
#define BURST            32
#define FRAME_LENGTH     (14 + 100)
#define LOOKED_AT        100

static const char scenario[] = "[scenario]\ntitle = Forwarding\nduration = 60s\n"
                               "[lan left]\nprefix = 2001:db8:a::/64\n[lan right]\nprefix = 2001:db8:b::/64\n"
                               "[router r1]\nattached = left\nmac = 02:00:00:00:0a:01\ndad-transmits = 0\n"
                               "[router r2]\nattached = right\ndad-transmits = 0\n"
                               "[point-to-point core]\nbetween = r1, r2\ndelay = 1ms\n"
                               "[host west]\nattached = left\nexternal = yes\naddress = 2001:db8:a::99\n"
                               "[host east]\nattached = right\nexternal = yes\naddress = 2001:db8:b::99\n";

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static uint64_t count_of(const char *name)
{
    char path[128];
    unsigned long long count = 0;
    snprintf(path, sizeof path, "/sys/class/net/east0/statistics/%s", name);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%llu", &count) != 1)
        count = 0;
    if (file)
        fclose(file);
    return count;
}

/* A packet of no upper-layer protocol (next header 59), which its receiver ignores. */
static void make_frame(uint8_t frame[FRAME_LENGTH])
{
    static const uint8_t router[] = {0x02, 0, 0, 0, 0x0a, 0x01}, source[] = {0x02, 0, 0, 0, 0x99, 0x99};
    memset(frame, 0, FRAME_LENGTH);
    memcpy(frame, router, 6);
    memcpy(frame + 6, source, 6);
    frame[12] = 0x86;
    frame[13] = 0xdd;
    frame[14] = 0x60;
    frame[14 + 5] = FRAME_LENGTH - 14 - 40;
    frame[14 + 6] = 59;
    frame[14 + 7] = 64;
    inet_pton(AF_INET6, "2001:db8:a::99", frame + 14 + 8);
    inet_pton(AF_INET6, "2001:db8:b::99", frame + 14 + 24);
}

/* For the time measured, at this rate, 0: as fast as it goes. What came out, a second. */
static double blast(int packets, double rate)
{
    uint8_t frame[FRAME_LENGTH];
    struct iovec vector = {frame, sizeof frame};
    struct mmsghdr messages[BURST];
    make_frame(frame);
    memset(messages, 0, sizeof messages);
    for (unsigned i = 0; i < BURST; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &vector, .msg_iovlen = 1};
    uint64_t before = count_of("rx_packets");
    double begun = now(), sent = 0;
    while (now() - begun < SECONDS_MEASURED) {
        if (rate > 0 && sent > rate * (now() - begun)) {
            usleep(100);
            continue;
        }
        int count = sendmmsg(packets, messages, BURST, 0);
        if (count > 0)
            sent += count;
        else
            sched_yield(); /* the queue is full */
    }
    usleep(200000);
    return (double)(count_of("rx_packets") - before) / SECONDS_MEASURED;
}

static int open_packets(const char *interface)
{
    int packets = socket(AF_PACKET, SOCK_RAW, 0);
    int bypass = 1;
    struct timeval patience = {.tv_sec = 2};
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6)};
    address.sll_ifindex = (int)if_nametoindex(interface);
    setsockopt(packets, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass);
    setsockopt(packets, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (packets >= 0 && bind(packets, (struct sockaddr *)&address, sizeof address) == 0)
        return packets;
    return -1;
}

/* Frames with a number in each, and what comes out of the other end: is it forwarded, and when? */
static bool is_forwarded(int packets)
{
    int out = open_packets("east0");
    uint8_t frame[FRAME_LENGTH], arrived[2048];
    bool good = out >= 0;
    for (uint8_t i = 1; good && i <= LOOKED_AT; i++) {
        make_frame(frame);
        frame[FRAME_LENGTH - 1] = i;
        double sent = now();
        good = send(packets, frame, sizeof frame, 0) == (ssize_t)sizeof frame;
        ssize_t length = 0;
        while (good && (length = recv(out, arrived, sizeof arrived, 0)) > 0 && arrived[14 + 6] != 59)
            ; /* advertisements, solicitations */
        double took = now() - sent;
        frame[14 + 7] -= 2; /* hop limit */
        good = good && length == FRAME_LENGTH && memcmp(frame + 14, arrived + 14, FRAME_LENGTH - 14) == 0 &&
               memcmp(frame, arrived, 6) != 0 && took >= 0.001;
        if (good && i == LOOKED_AT)
            printf("    %d packets looked at: hop limit 64, then 62; the last took %.3f ms\n", LOOKED_AT,
                   took * 1e3);
    }
    if (out >= 0)
        close(out);
    return good;
}

static pid_t start(const char *program, const char *file, int told)
{
    pid_t child = fork();
    if (child == 0) {
        dup2(told, STDOUT_FILENO);
        execl(program, program, "live", file, "--tap", "left=west0", "--tap", "right=east0", "--out",
              "bench-live.out", (char *)NULL);
        _exit(127);
    }
    return child;
}

static int command(const char *text)
{
    return system(text);
}

/* One run of the program, at this rate. Its lag line goes to standard output. */
static double measure(const char *program, double rate)
{
    char line[512], file[] = "bench-live.ini";
    int pipes[2];
    FILE *out = fopen(file, "w");
    if (!out || pipe(pipes) != 0)
        return -1;
    fputs(scenario, out);
    fclose(out);
    pid_t child = start(program, file, pipes[1]);
    close(pipes[1]);
    for (int i = 0; i < 100 && (!if_nametoindex("west0") || !if_nametoindex("east0")); i++)
        usleep(50000);
    if (command("ip -6 addr add 2001:db8:b::99/64 dev east0 nodad && sleep 2") != 0)
        return -1;
    int packets = open_packets("west0");
    double through = packets >= 0 && is_forwarded(packets) ? blast(packets, rate) : -1;
    if (packets >= 0)
        close(packets);
    kill(child, SIGTERM);
    FILE *told = fdopen(pipes[0], "r");
    while (told && fgets(line, sizeof line, told))
        if (strncmp(line, "Lag:", 4) == 0)
            printf("    %s", line);
    if (told)
        fclose(told);
    waitpid(child, NULL, 0);
    return through;
}

int main(void)
{
    const char *program = getenv("MIP6SIM") ? getenv("MIP6SIM") : "./mip6sim";
    if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0 ||
        mount("sysfs", "/sys", "sysfs", 0, NULL) != 0 || access("/dev/net/tun", R_OK) != 0 ||
        command("ip link set lo up") != 0) {
        printf("live: SKIP: this needs root, network namespaces and TAP interfaces\n");
        return 0;
    }
    double most = measure(program, 0);
    if (most < 0) {
        printf("live: the program could not be run, or does not forward\n");
        return 1;
    }
    printf("live: at most %.0f packets/s TAP to TAP through two routers\n", most);
    double half = measure(program, most / 2);
    printf("live: %.0f packets/s of %.0f/s offered\n", half, most / 2);
    command("rm -rf bench-live.out bench-live.ini");
    return 0;
}
