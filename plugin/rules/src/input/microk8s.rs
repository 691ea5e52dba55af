//! The arguments file of MicroK8s: a flag a line.

use alloc::string::String;
use core::ops::Range;

use super::base::ARGUMENTS;
use super::{File, Form, Found, Input, source};
use crate::kubelet::values;

pub static FORM: Form = Form { id: "microk8s-args", sign: "", platform: "microk8s", find };

/// Lines that are flags, comments or empty; with the snap's variables, or at the snap's path.
fn find(file: &File, found: &mut Found) {
    let text = source::shown(&file.text.bytes);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_own = values::cut(&text, "${SNAP").is_some() || values::cut(&text, "$SNAP").is_some();
    let is_named = file.name.ends_with("args/kubelet");
    if lines().next().is_none()
        || !lines().all(|line| line.starts_with('-'))
        || !(is_own || is_named)
        || text.len() != file.text.bytes.len()
    {
        return;
    }
    let place = |range: &Range<usize>| file.text.places.of(range);
    let mut input = Input::new(&FORM, &ARGUMENTS, place(&(0..text.len())), 0..0);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if word.is_empty() || word.starts_with('#') {
            continue;
        }
        if input.head.is_empty() {
            input.head = place(&(start..start + word.len()));
        }
        let plain = [
            ("${SNAP_DATA}", DATA),
            ("$SNAP_DATA", DATA),
            ("${SNAP_COMMON}", COMMON),
            ("$SNAP_COMMON", COMMON),
            ("${SNAP}", SNAP),
            ("\"", ""),
            ("'", ""),
        ];
        let in_full =
            |part: &str| plain.iter().fold(part.into(), |text: String, (from, to)| values::replaced(&text, from, to));
        // `ReadArgsFromFile` of kubelite parts them like this, quotes or not.
        let mut at = start;
        for part in word.split(' ') {
            input.word(&in_full(part), place(&(at..at + part.len())));
            at += part.len() + 1;
        }
    }
    found.push(input);
}

const DATA: &str = "/var/snap/microk8s/current";
const COMMON: &str = "/var/snap/microk8s/common";
const SNAP: &str = "/snap/microk8s/current";
