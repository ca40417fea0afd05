//! Import files: what their rows say, before any command is made of them.
//!
//! [`Reader`] turns a CSV or TSV file into [`Item`]s and never decides: names, e-mails and amounts
//! stay as the file has them and the command layer judges them. [`report`] writes the outcome of
//! every row, [`supplement`] reads the commands that the demo adds to its files.

mod error;
mod execute;
pub mod jobs;
mod mapping;
mod reader;
pub mod report;
mod sniff;
pub mod supplement;
mod table;
mod text;
mod values;

pub use error::{Error, RowError, RowProblem};
pub use execute::{Import, ImportError, import, report_path};
pub use mapping::{Mapping, Source};
pub use reader::customers::{Address, CustomerRow};
pub use reader::orders::{OrderDocument, OrderLine};
pub use reader::payments::PaymentRow;
pub use reader::{Item, Kind, Options, Reader, Totals, weeks_until};
