//! The border: how the canonical ABI of components lays out what crosses it.
//!
//! wit-bindgen writes such glue, too, but in full wherever a type occurs (a message is in a dozen places), and once more to free
//! what was handed over: a tenth of the component. Here each type is described once, in the order and with the names of
//! `wit/scanner.wit`; that it fits is seen when a host calls it.
//!
//! Arguments lie in memory that the host has asked for with `cabi_realloc`, and are taken over. An answer is kept as it is: the
//! host gets lists that point into it, and says when it has read them.

use alloc::alloc::{Layout, alloc, dealloc, realloc};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::arch::wasm32::unreachable;

mod answer;
mod arguments;

use answer::{Answer, Lists, Writer};
use arguments::Reader;

/// An answer, and the lists through which the host reads it.
struct Kept {
    _answer: Answer,
    _lists: Lists,
}

/// Gives an answer to the host: where it is laid out. The word before that says what to free afterwards.
fn give(answer: Answer) -> *const u32 {
    let mut writer = Writer::default();
    writer.word(0);
    answer.write(&mut writer);
    let mut lists = writer.finish();
    let Some(first) = lists.last_mut().map(Vec::as_mut_ptr) else { unreachable() };
    let kept = Box::new(Kept { _answer: answer, _lists: lists });
    // SAFETY: the list has a first word, and moving it has left that where it is.
    unsafe {
        first.write(Box::into_raw(kept) as u32);
        first.add(1)
    }
}

/// Frees an answer that the host has read.
///
/// # Safety
/// It was given by [`give`], and is freed once.
unsafe fn free(answer: *const u32) {
    // SAFETY: as the caller says; the word before an answer is that of its box.
    drop(unsafe { Box::from_raw(answer.sub(1).read() as *mut Kept) });
}

/// A door of the interface: its name, the words of its arguments, and what is done with them; and what frees its answer.
macro_rules! door {
    ($name:ident, $door:literal, [$($word:ident),*], |$reader:ident| $answer:expr) => {
        #[unsafe(export_name = concat!("kubevet:scanner/scan@0.1.0#", $door))]
        extern "C" fn $name($($word: u32),*) -> *const u32 {
            let words = [$($word),*];
            // SAFETY: the host has laid out these arguments.
            let $reader = &mut unsafe { Reader::new(words.as_ptr().cast()) };
            give($answer)
        }

        const _: () = {
            #[unsafe(export_name = concat!("cabi_post_kubevet:scanner/scan@0.1.0#", $door))]
            unsafe extern "C" fn post(answer: *const u32) {
                // SAFETY: the host hands back the answer, once.
                unsafe { free(answer) }
            }
        };
    };
}

door!(describe, "describe", [a, b], |reader| Answer::Description(kubevet_rules::describe(&reader.text())));

door!(recognise, "recognise", [a, b, c, d, e, f], |reader| {
    let (name, content, language) = (reader.bytes(), reader.bytes(), reader.text());
    Answer::Inputs(kubevet_rules::recognise(&name, &content, &language))
});

door!(plan, "plan", [a, b, c, d, e, f, g, h, i], |reader| {
    let (documents, options) = (reader.documents(), reader.options());
    Answer::Wants(kubevet_rules::plan(&documents, &options))
});

door!(evaluate, "evaluate", [a, b, c, d, e, f, g, h, i], |reader| {
    let (documents, options) = (reader.documents(), reader.options());
    Answer::Report(kubevet_rules::evaluate(&documents, &options))
});

/// Where the host lays arguments.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
    if size == 0 {
        return align as *mut u8;
    }
    // SAFETY: the host asks for what the canonical ABI allows: powers of two, and sizes that it was given before.
    let new = unsafe {
        match old_size {
            0 => alloc(Layout::from_size_align_unchecked(size, align)),
            _ => realloc(old, Layout::from_size_align_unchecked(old_size, align), size),
        }
    };
    if new.is_null() { unreachable() } else { new }
}

/// Frees a list of arguments whose items were taken.
///
/// # Safety
/// The host has allocated it so.
unsafe fn free_list(start: *mut u8, size: usize, align: usize) {
    if size > 0 {
        // SAFETY: as the caller says.
        unsafe { dealloc(start, Layout::from_size_align_unchecked(size, align)) }
    }
}

/// Bytes that the host has laid out.
///
/// # Safety
/// They are, and nobody else takes them.
unsafe fn taken(start: *mut u8, length: usize) -> Vec<u8> {
    match length {
        0 => Vec::new(),
        // SAFETY: as the caller says; the host allocates as much as it writes.
        _ => unsafe { Vec::from_raw_parts(start, length, length) },
    }
}

/// A text that the host has laid out.
///
/// # Safety
/// As for [`taken`]; the canonical ABI promises UTF-8.
unsafe fn taken_text(start: *mut u8, length: usize) -> String {
    // SAFETY: as the caller says.
    unsafe { String::from_utf8_unchecked(taken(start, length)) }
}
