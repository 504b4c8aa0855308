//! How events leave.
