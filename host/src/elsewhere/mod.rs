//! What stands in for modules that only Linux can have. It needs nothing but the standard library, so that it is tested on
//! Linux, too.

pub mod files;
pub mod replace;
pub mod scan;
