#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 at any moment while static-key traffic goes on, 200 times (MIP6SIM_KILLS): the correspondent's stable storage
# is never damaged, never goes back behind what it has acknowledged, and no number that it has accepted is accepted again, even
# from a mobile node that has lost its own. Needs no privileges.
set -eu
# shellcheck source=tests/common.sh
. "${srcdir:-.}/tests/common.sh"

python=${PYTHON3:-python3}
command -v "$python" > /dev/null || skip "there is no python3"
cat > "$work/scenario.ini" << 'END'
[scenario]
title = A mobile node that never rests
duration = 60s
[lan home]
prefix = 2001:db8:1::/64
[lan one]
prefix = 2001:db8:2::/64
router-advertisement-interval = 30ms..40ms
router-advertisement-reply-delay = 0s
[lan two]
prefix = 2001:db8:3::/64
router-advertisement-interval = 30ms..40ms
router-advertisement-reply-delay = 0s
[home-agent ha]
attached = home
home-address-dad = no
dad-transmits = 0
[router r]
attached = one, two
dad-transmits = 0
[point-to-point ha-r]
between = ha, r
[point-to-point r-cn]
between = r, cn
[correspondent-node cn]
[mobile-node mn]
home-agent = ha
start = one
dad-transmits = 0
[peers mn cn]
authorization = static-key
kcn = 000102030405060708090a0b0c0d0e0f10111213
home-nonce = 2021222324252627
care-of-nonce = 3031323334353637
[movement mn]
model = residence
links = two, one
residence = 50ms
END
"$python" - "$program" "$work" "${MIP6SIM_KILLS:-200}" << 'END' || fail "see above"
import hashlib, os, random, re, signal, struct, subprocess, sys, time
program, work, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = work + '/store'
random.seed(4449)

def records(path):
    octets = open(path, 'rb').read()
    assert octets.startswith(b'mip6sim store 1\n'), path
    body, digest = octets[:-32], octets[-32:]
    assert hashlib.sha256(body).digest() == digest, path + ' is damaged'
    at, found = 16, {}
    while at < len(body):
        name, value = struct.unpack('>HH', body[at:at + 4])
        found[body[at + 4:at + 4 + name]] = body[at + 4 + name:at + 4 + name + value]
        at += 4 + name + value
    return found

accepted = acknowledged = stored = total = refused = 0
for i in range(kills):
    if i % 5 == 4 and os.path.exists(store + '/mn.store'):
        os.unlink(store + '/mn.store')     # the mobile node begins its numbers anew: all of them are old
    log = open(work + '/log', 'wb')
    process = subprocess.Popen([program, 'live', work + '/scenario.ini', '--store', store, '--log=info', '--out', work + '/out'],
                               stdout=subprocess.DEVNULL, stderr=log)
    time.sleep(random.uniform(0.03, 0.3))
    process.send_signal(signal.SIGKILL)
    process.wait()
    log.close()
    for line in open(work + '/log'):
        match = re.match(r'[0-9.]+ cn +(binding (?:created|updated)|Binding Acknowledgement sent) .*sequence (\d+)(?:, status (\d+))?', line)
        if not match:
            continue
        number = int(match[2])
        if match[1].startswith('binding'):
            assert number > accepted, 'run %d accepts %d after %d: %s' % (i, number, accepted, line)
            accepted = number
            total += 1
        elif match[3] == '0':
            acknowledged = number
        else:
            refused += 1
    if os.path.exists(store + '/cn.store'):
        numbers = [struct.unpack('>H', value[:2])[0] for name, value in records(store + '/cn.store').items() if name[:4] == b'4449']
        assert len(numbers) == 1, numbers
        assert numbers[0] >= stored and numbers[0] >= acknowledged, 'run %d: %d in the file, after %d; %d acknowledged' % (i, numbers[0], stored, acknowledged)
        stored = numbers[0]
        accepted = max(accepted, stored)
assert total >= kills // 4, 'only %d Binding Updates were accepted' % total
assert refused > 0 or kills < 20, 'no old number was ever refused'
# A file that is damaged is not believed.
octets = bytearray(open(store + '/cn.store', 'rb').read())
octets[20] ^= 1
open(store + '/cn.store', 'wb').write(octets)
result = subprocess.run([program, 'live', work + '/scenario.ini', '--store', store, '--out', work + '/out', '--duration', '100ms'], capture_output=True, text=True)
assert result.returncode == 1 and 'damaged' in result.stderr, result
print('%d times; %d Binding Updates accepted, %d refused, number %d in the end' % (kills, total, refused, stored))
END
finish "stable storage stands it"
