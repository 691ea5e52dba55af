//! Reports of kubevet: places become lines and columns, findings become text and JSON.
