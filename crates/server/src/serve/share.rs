//! How many connections an address has, so that none takes all of them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of version 6 the first so many bits are counted by, because each household has a whole network.
const NETWORK: u32 = 64;

/// Who has how many.
#[derive(Debug)]
pub(super) struct Shares {
    most: usize,
    /// Our own proxies stand for everybody behind them.
    proxies: Vec<IpAddr>,
    held: Mutex<BTreeMap<IpAddr, usize>>,
}

/// One connection of an address; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    shares: Arc<Shares>,
    whose: IpAddr,
}

impl Shares {
    pub(super) fn new(most: usize, proxies: &[IpAddr]) -> Arc<Self> {
        Arc::new(Self { most, proxies: proxies.to_vec(), held: Mutex::default() })
    }

    /// One more for an address; none when it has its share.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Share> {
        let address = address.to_canonical();
        let whose = network(address);
        let mut held = self.held();
        let count = held.entry(whose).or_insert(0);
        if *count >= self.most && !self.proxies.contains(&address) {
            return None;
        }
        *count = count.saturating_add(1);
        drop(held);
        Some(Share { shares: Arc::clone(self), whose })
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.shares.held();
        if let Some(count) = held.get_mut(&self.whose) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.whose);
            }
        }
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() >> NETWORK << NETWORK).into(),
    }
}

#[cfg(test)]
mod tests;
