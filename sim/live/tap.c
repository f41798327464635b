/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap.c - see tap.h.
 *
 * What the ioctls of a TAP's own descriptor cannot do, putting the interface up and setting its MTU, is done
 * through sysfs, if it shows the process's network namespace, and otherwise through a datagram socket that
 * exists for the length of one system call: there is no third way, and no socket stays open.
 */
#include "sim/live/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETHERNET_HEADER_LENGTH 14
#define ETHERTYPE_IPV6         0x86dd

/* -- configuring -- */

/* Sets one thing by a file of sysfs. */
static bool write_attribute(const char *interface, const char *attribute, const char *value)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/class/net/%s/%s", interface, attribute);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t written = write(file, value, strlen(value));
    close(file);
    return written == (ssize_t)strlen(value);
}

static bool ask(unsigned long request, struct ifreq *interface)
{
    int helper = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (helper < 0)
        return false;
    int result = ioctl(helper, request, interface);
    int why = errno;
    close(helper);
    errno = why;
    return result == 0;
}

/* Does /sys show the interfaces of this namespace? A TAP has the file tun_flags there. */
static bool sysfs_shows(const char *interface)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/class/net/%s/tun_flags", interface);
    return access(path, F_OK) == 0;
}

static bool put_up(const char *interface)
{
    struct ifreq request = {0};
    if (sysfs_shows(interface) &&
        write_attribute(interface, "flags", "0x1003")) /* up, broadcast, multicast */
        return true;
    g_strlcpy(request.ifr_name, interface, sizeof request.ifr_name);
    if (!ask(SIOCGIFFLAGS, &request))
        return false;
    if (request.ifr_flags & IFF_UP)
        return true;
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    return ask(SIOCSIFFLAGS, &request);
}

static bool set_mtu(const char *interface, unsigned mtu)
{
    char text[16];
    struct ifreq request = {0};
    snprintf(text, sizeof text, "%u", mtu);
    if (sysfs_shows(interface) && write_attribute(interface, "mtu", text))
        return true;
    g_strlcpy(request.ifr_name, interface, sizeof request.ifr_name);
    request.ifr_mtu = (int)mtu;
    return ask(SIOCSIFMTU, &request);
}

/* 0: it cannot be told. */
static unsigned mtu_of(const char *interface)
{
    struct ifreq request = {0};
    g_strlcpy(request.ifr_name, interface, sizeof request.ifr_name);
    return ask(SIOCGIFMTU, &request) ? (unsigned)request.ifr_mtu : 0;
}

const char *tap_state(const struct tap *tap)
{
    struct ifreq request = {0};
    g_strlcpy(request.ifr_name, tap->interface, sizeof request.ifr_name);
    if (tap->gone || !ask(SIOCGIFFLAGS, &request))
        return "deleted";
    return request.ifr_flags & IFF_UP ? "up" : "down";
}

/* -- opening -- */

static void set_error(GError **error, const char *interface, const char *what, int why)
{
    const char *hint = "";
    if (why == EPERM || why == EACCES)
        hint = "; this needs CAP_NET_ADMIN: run it as root, in a network namespace of your own (unshare "
               "-rn), or let root "
               "make the interface for you (ip tuntap add dev NAME mode tap user YOU)";
    else if (why == EBUSY)
        hint = "; another process has it";
    else if (why == EINVAL)
        hint = "; is there an interface of this name that is no TAP?";
    else if (why == ENOENT || why == ENODEV || why == ENXIO)
        hint = "; has this kernel TAP interfaces (modprobe tun)?";
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(why), "%s: %s: %s%s", interface, what,
                g_strerror(why), hint);
}

bool tap_check_name(const char *interface, GError **error)
{
    bool dots = strcmp(interface, ".") == 0 || strcmp(interface, "..") == 0;
    if (strlen(interface) < IFNAMSIZ && *interface && !strpbrk(interface, "/ \t\n%:") && !dots)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "\"%s\": no interface has such a name (1 to %d letters, no blank, '/', '%%' or ':')",
                interface, IFNAMSIZ - 1);
    return false;
}

/* The interface of that name, and what the kernel says of it; one made for several queues wants to be asked
 * so. */
static bool attach(int descriptor, struct ifreq *request)
{
    request->ifr_flags = IFF_TAP | IFF_NO_PI;
    int result = ioctl(descriptor, TUNSETIFF, request);
    if (result != 0 && errno == EINVAL) {
        request->ifr_flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE;
        result = ioctl(descriptor, TUNSETIFF, request);
    }
    return result == 0 && ioctl(descriptor, TUNGETIFF, request) == 0;
}

struct tap *tap_open(const char *interface, unsigned mtu, GError **error)
{
    struct ifreq request = {0};
    if (!tap_check_name(interface, error))
        return NULL;
    int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        set_error(error, interface, "cannot open /dev/net/tun", errno);
        return NULL;
    }
    g_strlcpy(request.ifr_name, interface, sizeof request.ifr_name);
    if (!attach(descriptor, &request)) {
        set_error(error, interface, "cannot make or attach to this TAP interface", errno);
        close(descriptor);
        return NULL;
    }
    bool known = request.ifr_flags & IFF_PERSIST; /* what nobody has made to stay is new */
    struct tap *tap = g_new0(struct tap, 1);
    tap->descriptor = descriptor;
    tap->interface = g_strdup(interface);
    tap->mtu = mtu;
    if ((!known && !set_mtu(interface, mtu)) || !put_up(interface)) {
        set_error(error, interface, "cannot put this interface up", errno);
        tap_free(tap);
        return NULL;
    }
    tap->interface_mtu = mtu_of(interface);
    return tap;
}

void tap_free(struct tap *tap)
{
    if (!tap)
        return;
    close(tap->descriptor);
    g_free(tap->interface);
    g_free(tap);
}

/* -- frames -- */

/* ICMPv6 of the types 130 to 132 and 143, which always has a hop-by-hop header with Router Alert (RFC 2711)
 * and nothing else in front. */
static bool is_listener_discovery(const uint8_t *packet, size_t length)
{
    if (length < 40 + 8 + 4 || packet[6] != 0 || packet[40] != 58 || packet[41] != 0)
        return false;
    uint8_t type = packet[48];
    return (type >= 130 && type <= 132) || type == 143;
}

enum tap_verdict tap_judge(const uint8_t *octets, size_t length, unsigned mtu)
{
    if (length < ETHERNET_HEADER_LENGTH)
        return TAP_FRAME_RUNT;
    if ((octets[12] << 8 | octets[13]) != ETHERTYPE_IPV6)
        return TAP_FRAME_NOISE;
    if (length > ETHERNET_HEADER_LENGTH + mtu)
        return TAP_FRAME_GIANT;
    return is_listener_discovery(octets + ETHERNET_HEADER_LENGTH, length - ETHERNET_HEADER_LENGTH)
               ? TAP_FRAME_LISTENER
               : TAP_FRAME_GOOD;
}

int tap_read(struct tap *tap, uint8_t *octets)
{
    struct tap_counts *counts = &tap->counts;
    ssize_t length = read(tap->descriptor, octets, TAP_FRAME_MAX + 1);
    if (length <= 0) { /* EAGAIN; or EIO: the interface is down */
        tap->gone = length < 0 && errno == EBADFD;
        return 0;
    }
    switch (tap_judge(octets, (size_t)length, tap->mtu)) {
    case TAP_FRAME_RUNT:
        counts->runts++;
        return -1;
    case TAP_FRAME_NOISE:
        counts->noise++;
        return -1;
    case TAP_FRAME_GIANT:
        counts->giants++;
        return -1;
    case TAP_FRAME_LISTENER:
        counts->listeners++;
        return -1;
    case TAP_FRAME_GOOD:
        break;
    }
    counts->received++;
    return (int)length;
}

void tap_write(struct tap *tap, const void *octets, size_t length)
{
    if (write(tap->descriptor, octets, length) == (ssize_t)length)
        tap->counts.sent++;
    else
        tap->counts.refused++;
}
