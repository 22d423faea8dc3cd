//! Which addresses of the network are public: what lies behind the others is nobody's to write to on
//! a stranger's word.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a name means this machine or this network whatever it is looked up as.
pub(super) fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    // RFC 6761, 6762, 8375, and names without a dot, which only a private network knows.
    !name.contains('.') || matches!(last, "localhost" | "local" | "internal" | "arpa" | "test")
}

/// Whether an address is one that the whole network reaches: the registries of special addresses
/// (RFC 6890) are left out.
pub(super) const fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, _, _)
    );
    !special
}

const fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Global unicast, without tunnels that lead to an IPv4 address, without documentation.
    let global = a & 0xe000 == 0x2000;
    let special = matches!((a, b), (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _))
        || (a == 0x3fff && b <= 0x0fff);
    global && !special
}
