//! Values while they are worked out.
