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
    let special = match (a, b) {
        (0 | 10 | 127 | 224..=255, _)
        | (100, 64..=127)
        | (169, 254)
        | (172, 16..=31)
        | (192, 168)
        | (198, 18 | 19) => true,
        (192, 0) => matches!(c, 0 | 2),
        (192, 88) => c == 99,
        (198, 51) => c == 100,
        (203, 0) => c == 113,
        _ => false,
    };
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
