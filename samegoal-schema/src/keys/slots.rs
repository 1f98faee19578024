//! Slots that begin where a line of the processor's cache does.

use std::ops::{Deref, DerefMut};

/// How many bytes the processor fetches from memory at once, most often.
const LINE: usize = 64;

/// As a vector, but that its first slot is at the start of a line.
///
/// Keys that belong together are then in one line: fetching a second one would take as long again.
#[derive(Default)]
pub(super) struct Slots<T> {
    room: Vec<T>,
    /// Where in the room the first one is.
    start: usize,
    count: usize,
}

impl<T: Copy> Slots<T> {
    /// Makes room for more, each of which is `empty`.
    pub(super) fn resize(&mut self, count: usize, empty: T) {
        let (start, before) = (self.start, self.count);
        self.room.resize(count + LINE / size_of::<T>(), empty);
        // There is no harm if it cannot be told.
        self.start = self.room.as_ptr().align_offset(LINE).min(self.room.len() - count);
        self.count = count;
        // The room may have been moved, and what is in it has to be then.
        if start != self.start {
            self.room.copy_within(start..start + before, self.start);
            self.room.iter_mut().skip(self.start + before).for_each(|slot| *slot = empty);
        }
    }
}

impl<T> Deref for Slots<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.room.get(self.start..self.start + self.count).unwrap_or_default()
    }
}

impl<T> DerefMut for Slots<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.room.get_mut(self.start..self.start + self.count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_in_its_slot_while_the_room_grows() {
        let mut slots = Slots::<u64>::default();
        for count in [1, 2, 3, 8, 9, 64, 100, 1_000, 50_000] {
            slots.resize(count, 0);
            assert_eq!(slots.as_ptr().align_offset(LINE), 0);
            assert!(slots.iter().zip(1..).all(|(slot, number)| [0, number].contains(slot)));
            assert_eq!(slots.len(), count);
            slots.iter_mut().zip(1..).for_each(|(slot, number)| *slot = number);
        }
    }
}
