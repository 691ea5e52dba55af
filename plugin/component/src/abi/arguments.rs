//! Arguments, as the host has laid them out.

use alloc::string::String;
use alloc::vec::Vec;

use kubevet_contract::model::{Content, Document, Entry, FileKind, Metadata, Options, Outcome, Process, Want};

use super::{free_list, taken, taken_text};

/// Reads what is laid out, one thing after the other.
pub struct Reader {
    at: *const u8,
}

impl Reader {
    /// Begins here.
    ///
    /// # Safety
    /// There are arguments, in the order and of the types in which they will be read.
    pub unsafe fn new(at: *const u8) -> Reader {
        Reader { at }
    }

    /// A value of a type that is as large as it is aligned.
    fn read<T: Copy>(&mut self) -> T {
        let start = self.at.wrapping_add(self.at.align_offset(size_of::<T>())).cast::<T>();
        self.at = start.wrapping_add(1).cast();
        // SAFETY: as `new` was promised.
        unsafe { start.read() }
    }

    fn word(&mut self) -> u32 {
        self.read()
    }

    fn flag(&mut self) -> bool {
        self.read::<u8>() != 0
    }

    fn slice(&mut self) -> (*mut u8, usize) {
        (self.word() as *mut u8, self.word() as usize)
    }

    /// A list of bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        let (start, length) = self.slice();
        // SAFETY: as `new` was promised.
        unsafe { taken(start, length) }
    }

    /// A string.
    pub fn text(&mut self) -> String {
        let (start, length) = self.slice();
        // SAFETY: as `new` was promised.
        unsafe { taken_text(start, length) }
    }

    /// A list of items of this size and alignment.
    fn list<T>(&mut self, size: usize, align: usize, item: impl Fn(&mut Reader) -> T) -> Vec<T> {
        let (start, length) = self.slice();
        let mut items = Vec::with_capacity(length);
        for at in 0..length {
            items.push(item(&mut Reader { at: start.wrapping_add(at * size) }));
        }
        // SAFETY: as `new` was promised.
        unsafe { free_list(start, length * size, align) };
        items
    }

    /// A variant of this size, whose cases begin at this place of it.
    fn variant<T>(&mut self, size: usize, payload: usize, case: impl FnOnce(u8, &mut Reader) -> T) -> T {
        let start = self.at;
        let number = self.read::<u8>();
        self.at = start.wrapping_add(payload);
        let value = case(number, self);
        self.at = start.wrapping_add(size);
        value
    }

    fn texts(&mut self) -> Vec<(String, String)> {
        self.list(16, 4, |reader| (reader.text(), reader.text()))
    }

    /// `list<document>`
    pub fn documents(&mut self) -> Vec<Document> {
        self.list(56, 8, |reader| Document { id: reader.word(), answers: reader.want(), outcome: reader.outcome() })
    }

    fn want(&mut self) -> Want {
        self.variant(12, 4, |case, reader| match case {
            0 => Want::Processes(reader.text()),
            1 => Want::File(reader.bytes()),
            2 => Want::Directory(reader.bytes()),
            3 => Want::Metadata(reader.bytes()),
            4 => Want::EnvironmentHas(reader.text()),
            _ => Want::LiveConfiguration,
        })
    }

    /// Aligned as the number in it is.
    fn outcome(&mut self) -> Outcome {
        self.at = self.at.wrapping_add(self.at.align_offset(8));
        self.variant(40, 8, |case, reader| match case {
            0 => Outcome::Found(reader.content()),
            1 => Outcome::Absent,
            2 => Outcome::Denied,
            3 => Outcome::Refused(reader.text()),
            4 => Outcome::TooLarge(reader.read()),
            5 => Outcome::Failed(reader.text()),
            _ => Outcome::Unavailable,
        })
    }

    fn content(&mut self) -> Content {
        self.variant(28, 4, |case, reader| match case {
            0 => Content::Process(Process {
                arguments: reader.list(8, 4, Reader::bytes),
                cwd: reader.bytes(),
                facts: reader.texts(),
            }),
            1 => Content::File(reader.bytes()),
            2 => Content::Directory(
                reader.list(12, 4, |reader| Entry { name: reader.bytes(), kind: reader.file_kind() }),
            ),
            3 => Content::Metadata(Metadata {
                mode: reader.word(),
                uid: reader.word(),
                gid: reader.word(),
                kind: reader.file_kind(),
            }),
            _ => Content::Present(reader.flag()),
        })
    }

    fn file_kind(&mut self) -> FileKind {
        match self.read::<u8>() {
            0 => FileKind::Regular,
            1 => FileKind::Directory,
            2 => FileKind::Symlink,
            _ => FileKind::Other,
        }
    }

    /// `options`; they are the last of few enough arguments, each of which is a word then.
    pub fn options(&mut self) -> Options {
        Options {
            language: self.text(),
            checks: self.list(8, 4, Reader::text),
            list_settings: self.word() != 0,
            values: self.texts(),
        }
    }
}
