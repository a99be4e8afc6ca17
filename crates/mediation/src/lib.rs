//! mediation
