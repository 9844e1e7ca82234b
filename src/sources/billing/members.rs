//! Unpacks gzip: member after member, and the zeros that tapes and object stores pad a file with.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// A gzip stream of one member or more.
pub(super) struct Members<R> {
    /// Nothing once the stream has ended.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(reader)) }
    }

    /// Goes to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut reader = member.into_inner();
        let mut is_padded = false;
        loop {
            let bytes = reader.fill_buf()?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            if bytes.is_empty() {
                return Ok(());
            }
            if zeros < bytes.len() {
                if is_padded || zeros > 0 {
                    let message = "something other than zeros follows the padding at its end";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
                self.member = Some(GzDecoder::new(reader));
                return Ok(());
            }
            is_padded = true;
            reader.consume(zeros);
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.next()?;
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::{BufReader, Write};

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        // A small buffer: padding and members lie across its ends.
        Members::new(BufReader::with_capacity(3, bytes)).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn members_follow_each_other_and_zeros_may_pad_the_last() {
        let two = [member(b"one,"), member(b""), member(b"two")].concat();
        assert_eq!(unpacked(&two).unwrap(), "one,two");
        assert_eq!(unpacked(&[two.clone(), vec![0; 1_000]].concat()).unwrap(), "one,two");
    }

    #[test]
    fn what_is_no_member_is_refused() {
        let one = member(b"one");
        for rest in [b"x".to_vec(), [vec![0; 10], member(b"two")].concat(), vec![0x1f]] {
            assert!(unpacked(&[one.clone(), rest].concat()).is_err());
        }
        assert!(unpacked(&one[..one.len() - 3]).is_err());
    }
}
