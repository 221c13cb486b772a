#!/bin/sh
# Installs Debian packages, and starts none of the services that come with them, neither now nor at the next boot: the
# labs start servers themselves, in namespaces of their own. usage: install-packages.sh PACKAGE...
set -eu

# What invoke-rc.d and deb-systemd-invoke ask before they start anything; 101 is "forbidden". A machine may have its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

# Every link by which a service starts with the machine.
links() { find /etc/systemd/system /etc/rc[2-5].d -path '*.wants/*' -o -path '/etc/rc*/S*' 2>/dev/null | sort; }

before=$(mktemp)
after=$(mktemp)
links >"$before"
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
links >"$after"
comm -13 "$before" "$after" | while read -r link; do
  case $link in
    *.wants/*) systemctl disable "$(basename "$link")" 2>/dev/null || rm -f "$link" ;;
    *) [ ! -e "$link" ] || update-rc.d "$(basename "$link" | cut -c 4-)" disable ;;
  esac
done
rm -f "$before" "$after"
