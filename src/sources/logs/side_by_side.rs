//! Opening files that stand side by side: their folder is looked up once.

use std::ffi::OsStr;
#[cfg(target_os = "linux")]
use std::ffi::OsString;
use std::fs::File;
use std::io;

/// Opens files, one after another.
#[derive(Debug, Default)]
pub(super) struct Opener {
    /// The path of the last file's folder, and the folder, once a second file of it is opened.
    #[cfg(target_os = "linux")]
    folder: OsString,
    #[cfg(target_os = "linux")]
    opened: Option<std::os::fd::OwnedFd>,
}

#[cfg(target_os = "linux")]
impl Opener {
    /// Opens a file to read it.
    ///
    /// # Errors
    /// As for [`File::open`].
    pub(super) fn open(&mut self, path: &OsStr) -> io::Result<File> {
        match self.in_folder(path) {
            Some(own) => Ok(own),
            // The path says why; or the file is the first of its folder, or that is another one by now.
            None => File::open(path),
        }
    }

    fn in_folder(&mut self, path: &OsStr) -> Option<File> {
        use rustix::fs::{Mode, OFlags};
        use std::os::unix::ffi::OsStrExt;
        let bytes = path.as_bytes();
        let (folder, name) = bytes.split_at(bytes.iter().rposition(|own| *own == b'/')? + 1);
        if self.folder.as_bytes() != folder {
            // It is worth opening where a second file stands in it.
            self.folder.clear();
            self.folder.push(OsStr::from_bytes(folder));
            self.opened = None;
            return None;
        }
        if self.opened.is_none() {
            // No more than a place to begin from: it needs not be readable.
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.opened = rustix::fs::open(folder, flags, Mode::empty()).ok();
        }
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        rustix::fs::openat(self.opened.as_ref()?, name, flags, Mode::empty()).ok().map(File::from)
    }
}

#[cfg(not(target_os = "linux"))]
impl Opener {
    /// Opens a file to read it.
    ///
    /// # Errors
    /// As for [`File::open`].
    pub(super) fn open(&mut self, path: &OsStr) -> io::Result<File> {
        File::open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn each_file_is_opened_that_its_path_names() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        for name in ["one/a", "one/b", "two/a"] {
            std::fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            std::fs::write(path(name), name).unwrap();
        }
        let mut opener = Opener::default();
        let mut text = |path: &std::path::Path| {
            let mut text = String::new();
            opener.open(path.as_os_str())?.read_to_string(&mut text)?;
            io::Result::Ok(text)
        };
        for name in ["one/a", "one/b", "two/a", "one/b"] {
            assert_eq!(text(&path(name)).unwrap(), name);
        }
        let gone = text(&path("one/c")).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
        assert_eq!(text(&path("three/a")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(text("no such file".as_ref()).unwrap_err().kind(), io::ErrorKind::NotFound);
        // A folder that another one takes the place of while it is open.
        for _ in 0..2 {
            assert_eq!(text(&path("one/b")).unwrap(), "one/b");
        }
        std::fs::rename(path("one"), path("old")).unwrap();
        std::fs::create_dir(path("one")).unwrap();
        std::fs::write(path("one/d"), "new").unwrap();
        assert_eq!(text(&path("one/d")).unwrap(), "new");
    }
}
