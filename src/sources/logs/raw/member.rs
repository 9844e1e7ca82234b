//! Inflating one member of a gzip file.

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_decompressor, libdeflate_free_decompressor,
    libdeflate_gzip_decompress_ex, libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE,
    libdeflate_result_LIBDEFLATE_SUCCESS,
};
use std::ptr::NonNull;

/// Why a member was not inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::logs) enum MemberError {
    /// It needs more room than there is.
    NoRoom,
    /// It is no gzip, is damaged, or ends early.
    Damaged,
}

/// libdeflate's decompressor, used again and again.
#[derive(Debug)]
pub(in crate::sources::logs) struct Inflater(NonNull<libdeflate_decompressor>);

// SAFETY: a decompressor holds memory of its own and no tie to the thread that made it; only one thread at a time has it.
unsafe impl Send for Inflater {}

impl Inflater {
    /// Returns a decompressor; nothing where memory is out.
    pub(in crate::sources::logs) fn new() -> Option<Self> {
        // SAFETY: the function takes nothing; a null pointer is told apart.
        NonNull::new(unsafe { libdeflate_alloc_decompressor() }).map(Self)
    }

    /// Inflates the member that `input` starts with behind what is in `out`, into the room that `out` has already.
    ///
    /// Returns how many bytes of `input` the member takes. On an error `out` is as it was.
    pub(in crate::sources::logs) fn member(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<usize, MemberError> {
        let room = out.spare_capacity_mut();
        let (mut taken, mut given) = (0_usize, 0_usize);
        // SAFETY: the decompressor is alive and ours alone; both slices are given with their own lengths, libdeflate
        // reads and writes within them, and the two counts live until the call returns.
        let result = unsafe {
            libdeflate_gzip_decompress_ex(
                self.0.as_ptr(),
                input.as_ptr().cast(),
                input.len(),
                room.as_mut_ptr().cast(),
                room.len(),
                &raw mut taken,
                &raw mut given,
            )
        };
        if result == libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE {
            return Err(MemberError::NoRoom);
        }
        if result != libdeflate_result_LIBDEFLATE_SUCCESS || given > room.len() || taken > input.len() {
            return Err(MemberError::Damaged);
        }
        let length = out.len() + given;
        // SAFETY: libdeflate says that it wrote so many bytes into the spare room, which is at least as large.
        unsafe { out.set_len(length) };
        Ok(taken)
    }
}

impl Drop for Inflater {
    fn drop(&mut self) {
        // SAFETY: the pointer is the one that was allocated, and nobody has it after this.
        unsafe { libdeflate_free_decompressor(self.0.as_ptr()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    #[cfg_attr(miri, ignore = "calls C")]
    fn members_are_inflated_one_after_another_into_the_room_there_is() {
        let text = b"some text, some text, some text".repeat(40);
        let mut input = gzip(&text);
        let first = input.len();
        input.extend(gzip(b"more"));
        let mut inflater = Inflater::new().unwrap();
        let mut out = Vec::with_capacity(100);
        assert_eq!(inflater.member(&input, &mut out), Err(MemberError::NoRoom));
        assert!(out.is_empty());
        out.reserve(text.len() + 4);
        assert_eq!(inflater.member(&input, &mut out), Ok(first));
        assert_eq!(out, text);
        assert_eq!(inflater.member(&input[first..], &mut out), Ok(input.len() - first));
        assert!(out.ends_with(b"more"));
        let before = out.clone();
        assert_eq!(
            inflater.member(&input[..first - 1], &mut Vec::with_capacity(9_999)),
            Err(MemberError::Damaged)
        );
        assert_eq!(inflater.member(b"", &mut out), Err(MemberError::Damaged));
        assert_eq!(out, before);
    }
}
