//! A deque of fixed length that threads share.

use std::collections::VecDeque;

use crate::sync::{Mutex, MutexGuard};

/// A deque that keeps the newest items: when it is full, a push at the back
/// drops the oldest item at the front.
///
/// `collections.deque(maxlen=…)` in Python, which several threads may use as it
/// is. In Rust a shared `VecDeque` stands in a mutex, so that making room and
/// pushing are one step. Nobody ever waits for room. The item that was dropped
/// is returned to the caller.
///
/// ```
/// use sync_primitives::BoundedDeque;
///
/// let last = BoundedDeque::new(2);
/// assert_eq!(last.push_back("one"), None);
/// assert_eq!(last.push_back("two"), None);
/// assert_eq!(last.push_back("three"), Some("one"));
/// assert_eq!(last.into_inner(), ["two", "three"]);
/// ```
#[derive(Debug)]
pub struct BoundedDeque<T> {
    max_len: usize,
    items: Mutex<VecDeque<T>>,
}

impl<T> BoundedDeque<T> {
    /// An empty deque for at most `max_len` items.
    ///
    /// # Panics
    ///
    /// If `max_len` is 0: such a deque could not hold the item just put in.
    pub fn new(max_len: usize) -> Self {
        assert!(max_len > 0, "a deque of length 0 holds nothing");
        let items = VecDeque::with_capacity(max_len);
        Self { max_len, items: Mutex::new(items) }
    }

    /// Puts an item at the back, and returns the oldest one if it was dropped.
    pub fn push_back(&self, item: T) -> Option<T> {
        let mut items = self.items();
        let oldest =
            if items.len() == self.max_len { items.pop_front() } else { None };
        items.push_back(item);
        oldest
    }

    /// Takes the oldest item.
    pub fn pop_front(&self) -> Option<T> {
        self.items().pop_front()
    }

    /// The number of items at this moment.
    pub fn len(&self) -> usize {
        self.items().len()
    }

    /// Whether there are none at this moment.
    pub fn is_empty(&self) -> bool {
        self.items().is_empty()
    }

    /// The items, oldest first.
    pub fn into_inner(self) -> VecDeque<T> {
        self.items.into_inner().expect("never poisoned")
    }

    fn items(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.items.lock().expect("never poisoned")
    }
}
